import { describe, expect, it } from "vitest";
import { type FieldLines, httpError, isHttpError, type Schema } from "../src/index.ts";
import { respondTo, collected, failure, sessionOf, turns } from "./support/session.ts";
import type { Answer } from "./support/scripted-transport.ts";

const json = { headers: { "content-type": "application/json" }, content: '{"a":[1,"é"]}' };
const pieces = ['{"a":[1,"', new Uint8Array([0xc3]), new Uint8Array([0xa9]), '"]}'];

describe.each<[string, Answer]>([
  ["in one piece", json],
  ["in pieces", { ...json, content: pieces }],
  ["with the head", { ...json, content: pieces, atOnce: true }],
])("content that comes %s", (_how, answer) => {
  it("is read as JSON", async () => {
    expect(await (await respondTo(answer)).json()).toEqual({ a: [1, "é"] });
  });

  it("is read as text", async () => {
    expect(await (await respondTo(answer)).text()).toBe(json.content);
  });

  it("is read as bytes of the language's own class", async () => {
    const bytes = await (await respondTo(answer)).bytes();
    expect(bytes.constructor).toBe(Uint8Array);
    expect(Buffer.from(bytes).toString()).toBe(json.content);
  });

  it("is read as an ArrayBuffer of exactly its length", async () => {
    const buffer = await (await respondTo(answer)).arrayBuffer();
    expect(buffer).toBeInstanceOf(ArrayBuffer);
    expect(Buffer.from(buffer).toString()).toBe(json.content);
  });

  it("is read as a Blob with its type", async () => {
    const blob = await (await respondTo(answer)).blob();
    expect([blob.type, blob.size, await blob.text()]).toEqual([
      "application/json",
      14,
      json.content,
    ]);
  });

  it("is read piece by piece", async () => {
    const read = await collected(await respondTo(answer));
    expect(read.every((piece) => piece.constructor === Uint8Array)).toBe(true);
    expect(Buffer.concat(read).toString()).toBe(json.content);
  });

  it("is read as a web stream", async () => {
    const response = await respondTo(answer);
    expect(response.body).toBe(response.body);
    expect(await new Response(response.body).text()).toBe(json.content);
    expect(response.bodyUsed).toBe(true);
  });

  it("is read with one await", async () => {
    const { session } = sessionOf(answer);
    expect([
      await session.get("").json(),
      await session.get("").text(),
      (await session.get("").bytes()).byteLength,
      (await session.get("").arrayBuffer()).byteLength,
      (await session.get("").blob()).size,
      await collected(session.get("").lines()),
      await collected(session.get("").ndjson()),
    ]).toEqual([{ a: [1, "é"] }, json.content, 14, 14, 14, [json.content], [{ a: [1, "é"] }]]);
  });
});

describe("a piece of a Buffer", () => {
  it("is given as bytes of the language's own class, whatever its place in memory", async () => {
    const whole = Buffer.from("xxabcxx");
    const response = await respondTo({ ending: "open" });
    const bytes = response.arrayBuffer();
    response.transport.body.push(whole.subarray(2, 5));
    response.transport.body.end();
    expect(Buffer.from(await bytes).toString()).toBe("abc");
  });
});

describe("text", () => {
  it.each([
    ["text/plain; charset=iso-8859-1", [0xe9], "é"],
    ['text/plain;CHARSET="windows-1252"', [0x80], "€"],
    ["text/plain; charset=nonsense", [0xc3, 0xa9], "é"],
    ["text/plain", [0xef, 0xbb, 0xbf, 0x61], "a"],
    ["text/plain", [0xff], "\uFFFD"],
    [undefined, [0xc3, 0xa9], "é"],
  ])("of type %s is decoded", async (type, bytes, text) => {
    const answer = {
      headers: type === undefined ? {} : { "content-type": type },
      content: Uint8Array.from(bytes),
    };
    expect(await (await respondTo(answer)).text()).toBe(text);
    expect(await collected((await respondTo(answer)).lines())).toEqual([text]);
  });
});

describe("JSON", () => {
  it("is UTF-8 whatever its content type says, and may begin with a byte order mark", async () => {
    const headers = { "content-type": "application/json; charset=iso-8859-1" };
    expect(await (await respondTo({ headers, content: '\uFEFF"é"' })).json()).toBe("é");
  });

  it("that is none fails with the parser's error as cause", async () => {
    const response = await respondTo({ content: "<html>" });
    const error = await failure(response.json());
    expect(error).toMatchObject({
      name: "ParseError",
      code: "ERR_PARSE_JSON",
      issues: [],
      request: { method: "GET", url: "http://origin.test/item" },
    });
    expect(error.cause).toBeInstanceOf(SyntaxError);
  });

  it("that is empty fails and says so", async () => {
    expect((await failure((await respondTo({})).json())).message).toContain(
      "the content is empty, which is not JSON",
    );
  });

  const schema = (validate: Schema<string>["~standard"]["validate"]): Schema<string> => ({
    "~standard": { version: 1, vendor: "test", validate },
  });
  it("is checked and typed by a schema", async () => {
    const { session } = sessionOf({ content: "5" });
    const text: string = await session
      .get("")
      .json(schema((value) => ({ value: `is ${String(value)}` })));
    expect(text).toBe("is 5");
    expect(
      await session.get("").json(schema(async () => Promise.resolve({ value: "later" }))),
    ).toBe("later");
  });

  it("that does not fit fails with all issues, and its message names the first", async () => {
    const issues = [
      { message: "Expected string", path: ["a", { key: 0 }, Symbol("s")] },
      { message: "Other" },
    ];
    const error = await failure(
      (await respondTo({ content: "5" })).json(schema(() => ({ issues }))),
    );
    expect(error).toMatchObject({
      code: "ERR_PARSE_SCHEMA",
      issues,
      phase: "parse",
      request: { method: "GET" },
    });
    expect(error.message).toMatch(
      /^GET .*does not fit the schema: a\.0\.Symbol\(s\): Expected string \(/,
    );
    expect(
      (await failure((await respondTo({ content: "5" })).json(schema(() => ({ issues: [] })))))
        .message,
    ).toContain("no reason given");
  });

  it.each<[string, unknown]>([
    ["a text", "ab"],
    ["a set", new Set([1])],
    ["nothing", [null]],
    ["a number", 5],
  ])("with a schema whose path is %s fails as any that does not fit", async (_what, path) => {
    const issues = [{ message: "m", path }] as never;
    const reading = (await respondTo({ content: "5" })).json(schema(() => ({ issues })));
    expect((await failure(reading)).code).toBe("ERR_PARSE_SCHEMA");
  });

  it("with a schema that throws fails with its error as cause", async () => {
    const cause = new Error("broken schema");
    const error = await failure(
      (await respondTo({ content: "5" })).json(
        schema(() => {
          throw cause;
        }),
      ),
    );
    expect(error).toMatchObject({ code: "ERR_PARSE_SCHEMA", cause, issues: [] });
    const nothing = (await respondTo({ content: "5" })).json(schema(() => undefined as never));
    expect(await failure(nothing)).toMatchObject({ code: "ERR_PARSE_SCHEMA" });
  });

  it.each([null, {}, "name", (key: string) => key, { "~standard": {} }])(
    "is not passed on unchecked if %s is given as its schema",
    async (wrong) => {
      const response = await respondTo({ content: "5" });
      const error = await failure(response.json(wrong as never));
      expect(error).toMatchObject({ code: "ERR_INVALID_OPTION", request: { method: "GET" } });
      expect(error.message).toMatch(/the option schema is .*Standard Schema/);
      const values = (await respondTo({ content: "5" })).ndjson(wrong as never);
      expect((await failure(values.next())).code).toBe("ERR_INVALID_OPTION");
      const none = (await respondTo({ content: "" })).ndjson(wrong as never);
      expect((await failure(none.next())).code).toBe("ERR_INVALID_OPTION");
    },
  );
});

describe("forms", () => {
  it("are read, urlencoded and multipart", async () => {
    const urlencoded = {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      content: "a=1&b=%C3%A9",
    };
    const form = await (await respondTo(urlencoded)).formData();
    expect([...form]).toEqual([
      ["a", "1"],
      ["b", "é"],
    ]);
    const multipart = {
      headers: { "content-type": "multipart/form-data; boundary=B" },
      content: '--B\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n',
    };
    expect((await sessionOf(multipart).session.get("").formData()).get("a")).toBe("1");
  });

  it.each(["text/plain", "", "multipart/form-data; boundary=B"])(
    "of type %j that are none fail",
    async (type) => {
      const error = await failure(
        (await respondTo({ headers: { "content-type": type }, content: "a=1" })).formData(),
      );
      expect(error).toMatchObject({ name: "ParseError", code: "ERR_PARSE_FORM", issues: [] });
    },
  );
});

describe("ndjson", () => {
  it("that is not JSON says in which line and of which request", async () => {
    const response = await respondTo({ content: "1\n\n{\n" });
    const error = await failure(collected(response.ndjson()));
    expect(error.message).toMatch(/^GET http:\/\/origin\.test\/item: line 3 is not valid JSON/);
  });

  it("gives the rest up when the loop is left", async () => {
    const { session, transport } = sessionOf({ content: "1\n2\n", ending: "open" });
    for await (const value of session.get("").ndjson<number>()) if (value === 1) break;
    expect(transport.body.cancelled).toBe(1);
    expect(session.stats.active).toBe(0);
  });
});

describe("content", () => {
  it("is read once", async () => {
    const response = await respondTo({ content: "abc" });
    expect(response.bodyUsed).toBe(false);
    const first = response.text();
    expect(response.bodyUsed).toBe(true);
    for (const again of [
      () => response.text(),
      () => response.json(),
      () => response.bytes(),
      () => response.blob(),
      () => response.formData(),
      () => response.arrayBuffer(),
      () => collected(response),
      () => collected(response.lines()),
      () => collected(response.ndjson()),
      () => response.body.getReader().read(),
    ]) {
      expect(await failure(again)).toMatchObject({
        name: "ContentError",
        code: "ERR_CONTENT_USED",
        request: { url: "http://origin.test/item" },
      });
    }
    expect(await first).toBe("abc");
  });

  it("that breaks off fails every reader with the transport's error, named", async () => {
    const { session } = sessionOf(() => ({ content: "ab", ending: breaksOff() }));
    for (const read of ["text", "json", "bytes", "blob", "arrayBuffer", "formData"] as const) {
      const error = await failure(session.get("x")[read]());
      expect(error).toMatchObject({
        code: "ERR_CONTENT_TRUNCATED",
        requestSent: "yes",
        request: { method: "GET", url: "http://origin.test/x" },
      });
    }
    expect(session.stats.active).toBe(0);
  });

  it("that breaks off gives what came before to who reads piece by piece", async () => {
    const { session } = sessionOf(() => ({ content: ["a", "b"], ending: breaksOff() }));
    const seen: string[] = [];
    const error = await failure(async () => {
      for await (const piece of await session.get("")) seen.push(Buffer.from(piece).toString());
    });
    expect([seen.join(""), error.code]).toEqual(["ab", "ERR_CONTENT_TRUNCATED"]);
  });

  it("that breaks off with an error of another kind fails with one of the tree", async () => {
    const cause = new Error("library's own");
    expect(await failure((await respondTo({ ending: cause })).text())).toMatchObject({
      code: "ERR_TRANSPORT",
      cause,
    });
  });

  it("larger than maxResponseSize fails whole, and streamed after as much as fits", async () => {
    const { session, transport } = sessionOf([
      { content: ["abc", "def", "g"] },
      { content: ["abc", "def", "g"], ending: "open" },
    ]);
    expect(await session.get("", { maxResponseSize: 7 }).text()).toBe("abcdefg");
    expect(await failure(session.get("", { maxResponseSize: 6 }).text())).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
      request: { method: "GET" },
    });
    expect(transport.body.cancelled).toBeGreaterThan(0);
    const seen: number[] = [];
    const error = await failure(async () => {
      for await (const piece of await session.get("", { maxResponseSize: 5 }))
        seen.push(piece.byteLength);
    });
    expect([seen, error.code]).toEqual([[3], "ERR_CONTENT_TOO_LARGE"]);
    expect(error.message).toContain("larger than 5 bytes");
    expect(session.stats.active).toBe(0);
  });

  it("larger than 256 MiB fails whole where no limit is set, and is streamed without one", async () => {
    const mebibyte = new Uint8Array(2 ** 20);
    const content = Array.from({ length: 257 }, () => mebibyte);
    const { session } = sessionOf([{ content }, { content }, { content }]);
    const error = await failure(session.get("").bytes());
    expect(error).toMatchObject({ code: "ERR_CONTENT_TOO_LARGE" });
    expect(error.message).toContain("larger than 268435456 bytes");
    expect(await session.get("", { maxResponseSize: 2 ** 30 }).bytes()).toHaveLength(257 * 2 ** 20);
    let length = 0;
    for await (const piece of await session.get("")) length += piece.byteLength;
    expect(length).toBe(257 * 2 ** 20);
  });
});

describe("giving content up", () => {
  it("takes a short rest and leaves the connection to serve again", async () => {
    const { session, transport } = sessionOf({ content: ["ab", "cd"], ending: "open" });
    const response = await session.get("");
    response.discard();
    response.discard();
    expect(response.bodyUsed).toBe(true);
    transport.body.push("ef");
    transport.body.end();
    await turns(2);
    expect([transport.body.cancelled, transport.body.delivered, session.stats.active]).toEqual([
      0, 6, 0,
    ]);
    expect(await failure(response.text())).toMatchObject({ code: "ERR_CONTENT_USED" });
  });

  it("closes the connection over a long rest, already here or still to come", async () => {
    const long = new Uint8Array(40_000);
    const coming = sessionOf({ content: [long, long, long] });
    (await coming.session.get("")).discard();
    await turns(2);
    expect([coming.transport.body.cancelled > 0, coming.session.stats.active]).toEqual([true, 0]);
    const here = sessionOf({ content: [long, long, long], atOnce: true });
    const response = await here.session.get("");
    await turns(2);
    response.discard();
    expect([here.transport.body.cancelled > 0, here.session.stats.active]).toEqual([true, 0]);
  });

  it("ends what somebody has begun to read, at any time", async () => {
    const response = await respondTo({ content: "abc", ending: "open" });
    const pieces = response[Symbol.asyncIterator]();
    await pieces.next();
    response.discard();
    expect(response.transport.body.cancelled).toBe(1);
    expect(await failure(pieces.next())).toMatchObject({ code: "ERR_CONTENT_USED" });
  });

  it("leaves what somebody else reads alone", async () => {
    const response = await respondTo({ content: "abc" });
    const lines = response.lines();
    const text = response.text();
    await lines.return();
    expect((await failure(response.lines().next())).code).toBe("ERR_CONTENT_USED");
    expect(await text).toBe("abc");
  });

  it("closes the connection at once when a loop is left, the stream cancelled, or the block ends half-way", async () => {
    const leave = [
      async (response: Awaited<ReturnType<typeof respondTo>>): Promise<void> => {
        for await (const piece of response) if (piece) break;
      },
      async (response: Awaited<ReturnType<typeof respondTo>>): Promise<void> =>
        response.body.cancel("enough"),
      async (response: Awaited<ReturnType<typeof respondTo>>): Promise<void> => {
        const reader = response.body.getReader();
        await reader.read();
        await reader.cancel();
      },
      async (response: Awaited<ReturnType<typeof respondTo>>): Promise<void> => {
        await response[Symbol.asyncIterator]().next();
        await response[Symbol.asyncDispose]();
      },
    ];
    for (const one of leave) {
      const response = await respondTo({ content: "abc", ending: "open" });
      await one(response);
      expect(response.transport.body.cancelled).toBe(1);
      expect(await response.trailers).toBeNull();
    }
  });

  it("discards unread content at the end of a block", async () => {
    const { session, transport } = sessionOf({ content: "abc" });
    await (await session.get(""))[Symbol.asyncDispose]();
    await turns(2);
    expect([transport.body.cancelled, session.stats.active]).toEqual([0, 0]);
  });

  it("leaves content that was read whole alone at the end of a block", async () => {
    const response = await respondTo({ content: "abc" });
    const text = await response.text();
    await response[Symbol.asyncDispose]();
    expect([text, response.transport.body.cancelled]).toEqual(["abc", 0]);
  });
});

describe("the head", () => {
  it("says what came", async () => {
    const lines: FieldLines = ["X-One", "1", "x-one", "2", "Set-Cookie", "a=1"];
    const response = await respondTo({
      status: 299,
      statusText: "Fine",
      headers: lines,
      httpVersion: "2",
    });
    expect(response).toMatchObject({
      status: 299,
      statusText: "Fine",
      ok: true,
      httpVersion: "2",
      url: "http://origin.test/item",
      redirected: false,
      history: [],
    });
    expect([...response.headers]).toEqual([
      ["X-One", "1"],
      ["x-one", "2"],
      ["Set-Cookie", "a=1"],
    ]);
    expect(response.headers).toBe(response.headers);
    expect((await respondTo({ status: 300 }, { redirect: false })).ok).toBe(false);
    expect((await respondTo({ status: 199 })).ok).toBe(false);
  });

  it("tells the connection and how long the steps took", async () => {
    const response = await respondTo({ ending: "open" });
    expect(response.connection).toEqual({
      remoteAddress: "192.0.2.1",
      remotePort: 443,
      localAddress: "192.0.2.2",
      localPort: 50_000,
      tlsProtocol: null,
      reused: false,
    });
    expect(response.timings).toMatchObject({ content: null });
    response.transport.body.end();
    await response.text();
    expect(
      Object.values(response.timings).every((time: number | null) => time !== null && time >= 0),
    ).toBe(true);
    const { total } = response.timings;
    await turns(2);
    expect(response.timings.total).toBe(total);
  });

  it("lists cookies by name, the last of a name, and passes over what is none", async () => {
    const lines = [
      "a=1; Path=/",
      " b = two words ;Secure",
      "c=x=y",
      "=nameless",
      "d",
      "a=2",
      "__proto__=3",
      "e=",
    ];
    const response = await respondTo({ headers: lines.flatMap((line) => ["set-cookie", line]) });
    expect(Object.entries(response.cookies)).toEqual([
      ["a", "2"],
      ["b", "two words"],
      ["c", "x=y"],
      ["__proto__", "3"],
      ["e", ""],
    ]);
    expect((await respondTo({})).cookies).toEqual({});
  });

  it("lists links by relation, absolute", async () => {
    const response = await respondTo({
      headers: ["link", '</p/2>; rel="next"', "Link", '<?page=9>; rel=last; title="a, \\"b\\"; c"'],
    });
    expect(response.links).toEqual({
      next: { url: "http://origin.test/p/2", rel: "next", params: { rel: "next" } },
      last: {
        url: "http://origin.test/item?page=9",
        rel: "last",
        params: { rel: "last", title: 'a, "b"; c' },
      },
    });
  });

  it("is followed by trailers once the content is over", async () => {
    const response = await respondTo({ content: "abc", trailers: ["X-Sum", "1"] });
    expect([
      await response.text(),
      (await response.trailers)?.get("x-sum"),
      (await response.trailers)?.size,
    ]).toEqual(["abc", "1", 1]);
    const unknown = await respondTo({ trailers: null });
    unknown.discard();
    expect(await unknown.trailers).toBeNull();
    const broken = await respondTo({ ending: breaksOff(), trailers: ["a", "b"] });
    expect(isHttpError(await failure(broken.text()))).toBe(true);
    expect(await broken.trailers).toBeNull();
  });
});

/** A new one each time: errors are given their request once. */
function breaksOff(): Error {
  return httpError("ERR_CONTENT_TRUNCATED");
}
