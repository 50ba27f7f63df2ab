import { open, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyLength, type Part } from "../src/index.ts";
import { staleConnection } from "./support/scripted-transport.ts";
import { parseForm, type ParsedPart } from "./support/form-parser.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

const encoder = new TextEncoder();

async function* pieces(...items: readonly (string | Error)[]): AsyncGenerator<string> {
  for (const item of items) {
    await Promise.resolve();
    if (item instanceof Error) throw item;
    yield item;
  }
}

/** The parts as they arrive, and the length that was told. */
async function sent(parts: readonly Part[] | FormData): Promise<{
  readonly parts: readonly ParsedPart[];
  readonly length: number | null;
  readonly bytes: number;
}> {
  const { session, transport } = sessionOf();
  await session.post("", { multipart: parts });
  const { fields, content, request } = transport.last;
  return {
    parts: parseForm(fields["content-type"], Buffer.from(content ?? []).toString("latin1")),
    length: bodyLength(request.body),
    bytes: content?.byteLength ?? -1,
  };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anyhttp-"));
  await writeFile(join(folder, "file"), "from the disk");
});
afterAll(() => rm(folder, { recursive: true }));

describe("multipart parts", () => {
  it("of every kind arrive in their order, with what they are said to be", async () => {
    await using file = await open(join(folder, "file"));
    const seen = await sent([
      { name: "text", content: "a\nb" },
      { name: "bytes", content: encoder.encode("b") },
      { name: "view", content: new DataView(encoder.encode("xcx").buffer, 1, 1) },
      { name: "blob", content: new Blob(["d"], { type: "image/x" }) },
      { name: "file", content: new File(["e"], "e.txt", { type: "text/x" }) },
      { name: "named", content: new File(["e"], "e.txt"), filename: "other", type: "x/y" },
      { name: "document", content: "f", filename: "f.txt" },
      { name: "stream", content: new Blob(["g"]).stream(), filename: "g", length: 1 },
      { name: "iterable", content: pieces("h", "h"), length: 2 },
      { name: "made", content: () => pieces("i"), type: "x/z", length: 1 },
      { name: "promised", content: () => Promise.resolve("j") },
      { name: "disk", content: file, filename: "k" },
      { name: "with", content: "l", headers: { "Content-ID": "<1>", "x-a": ["1"] } },
    ]);
    const octets = { "content-type": "application/octet-stream" };
    expect(
      seen.parts.map(({ name, filename, fields, content }) => [name, filename, fields, content]),
    ).toEqual([
      ["text", undefined, {}, "a\nb"],
      ["bytes", undefined, octets, "b"],
      ["view", undefined, octets, "c"],
      ["blob", "blob", { "content-type": "image/x" }, "d"],
      ["file", "e.txt", { "content-type": "text/x" }, "e"],
      ["named", "other", { "content-type": "x/y" }, "e"],
      ["document", "f.txt", { "content-type": "text/plain;charset=UTF-8" }, "f"],
      ["stream", "g", octets, "g"],
      ["iterable", undefined, octets, "hh"],
      ["made", undefined, { "content-type": "x/z" }, "i"],
      ["promised", undefined, octets, "j"],
      ["disk", "k", octets, "from the disk"],
      ["with", undefined, { "Content-ID": "<1>", "x-a": "1" }, "l"],
    ]);
    expect(seen.length).toBe(seen.bytes);
  });

  it("have no length together if one of them has none", async () => {
    const seen = await sent([
      { name: "a", content: "1" },
      { name: "b", content: pieces("2") },
    ]);
    expect(seen.length).toBeNull();
    expect(seen.parts.map(({ content }) => content)).toEqual(["1", "2"]);
  });

  it.each<[string, unknown, RegExp]>([
    ["no array", { name: "a", content: "b" }, /multipart is of type object/],
    ["no record", ["a"], /multipart\[0\] is of type string/],
    [
      "an unknown member",
      [{ name: "a", content: "b", fileName: "c" }],
      /multipart\[0\]\.fileName is unknown/,
    ],
    ["no name", [{ content: "b" }], /multipart\[0\]\.name is undefined/],
    ["a number as name", [{ name: 1, content: "b" }], /multipart\[0\]\.name is 1/],
    ["NUL in a name", [{ name: "a\0", content: "b" }], /without control characters/],
    [
      "a control in a file name",
      [{ name: "a", filename: "\x07", content: "b" }],
      /multipart\[0\]\.filename is of type/,
    ],
    ["no content", [{ name: "a" }], /multipart\[0\]\.content is undefined/],
    ["a number as content", [{ name: "a", content: 1 }], /multipart\[0\]\.content is 1/],
    [
      "a form as content",
      [{ name: "a", content: new FormData() }],
      /multipart\[0\]\.content is of type object/,
    ],
    ["a type of two lines", [{ name: "a", content: "b", type: "a/b\r\nc: d" }], /line break/],
    ["an empty type", [{ name: "a", content: "b", type: "" }], /Pass a media type/],
    [
      "a field of two lines",
      [{ name: "a", content: "b", headers: { "x-a": "1\r\nb: 2" } }],
      /line break/,
    ],
    [
      "a field that is no name",
      [{ name: "a", content: "b", headers: { "x a": "1" } }],
      /no valid name/,
    ],
    [
      "a length that is not its own",
      [{ name: "a", content: "b", length: 2 }],
      /multipart\[0\].length is 2 .* The content has 1 bytes/,
    ],
    [
      "a negative length",
      [{ name: "a", content: pieces(), length: -1 }],
      /multipart\[0\]\.length is -1/,
    ],
    [
      "a length without end",
      [{ name: "a", content: pieces(), length: Infinity }],
      /multipart\[0\]\.length is Infinity .* or leave it out/,
    ],
    [
      "a length that is switched off",
      [{ name: "a", content: pieces(), length: false as never }],
      /multipart\[0\]\.length is false .* or leave it out/,
    ],
    [
      "fields of its own",
      [{ name: "a", content: "b", headers: { "Content-Length": "1" } }],
      /stands in multipart\[0\]\.headers/,
    ],
    [
      "a disposition",
      [{ name: "a", content: "b", headers: { "content-disposition": "x" } }],
      /stands in/,
    ],
  ])("with %s are refused before anything is sent", async (_how, multipart, message) => {
    const { session, transport } = sessionOf();
    const error = await failure(session.post("", { multipart: multipart as Part[] }));
    expect(error).toMatchObject({ name: "InvalidRequestError", requestSent: "no" });
    expect(error.message).toMatch(message);
    expect(transport.requests).toEqual([]);
  });

  it("cannot have a boundary of the caller's", async () => {
    const { session } = sessionOf({}, { headers: { "content-type": "multipart/form-data" } });
    expect((await failure(session.post("", { multipart: [] }))).message).toContain(
      "cannot know the boundary",
    );
    expect((await failure(session.post("", { body: new FormData() }))).message).toContain(
      "cannot know the boundary",
    );
  });

  it("are refused where streams cannot be sent, unless all are whole", async () => {
    const { session, transport } = sessionOf(
      {},
      {},
      { capabilities: { requestStreaming: "none" } },
    );
    await session.post("", { multipart: [{ name: "a", content: () => "made" }] });
    expect(transport.last.text).toContain("\r\n\r\nmade\r\n");
    expect(
      await failure(session.post("", { multipart: [{ name: "a", content: pieces("b") }] })),
    ).toMatchObject({
      code: "ERR_UNSUPPORTED",
      option: "multipart",
    });
  });

  it("are sent again with the same boundary if all of them can be", async () => {
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    await using file = await open(join(folder, "file"));
    const parts = [
      { name: "a", content: () => pieces("1") },
      { name: "b", content: file },
    ];
    await session.put("", { multipart: parts });
    expect(transport.arrivals).toHaveLength(2);
    expect(transport.arrivals[0]?.text).toBe(transport.arrivals[1]?.text);
    const once = sessionOf([{ error: staleConnection() }, {}]);
    const error = await failure(
      once.session.put("", { multipart: [...parts, { name: "c", content: pieces("2") }] }),
    );
    expect(error.code).toBe("ERR_DISCONNECTED_IDLE");
  });

  it.each([
    [4, "ended after 3 bytes of its content-length of 4"],
    [2, "longer than its content-length of 2"],
  ])("are held to their length of %d", async (length, message) => {
    const error = await failure(
      sessionOf().session.post("", {
        multipart: [{ name: "a", content: pieces("ab", "c"), length }],
      }),
    );
    expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE" });
    expect(error.message).toContain(message);
  });

  it("that are made are held to their length before anything is sent", async () => {
    const { session, transport } = sessionOf();
    const error = await failure(
      session.post("", { multipart: [{ name: "a", content: () => "abc", length: 4 }] }),
    );
    expect(error).toMatchObject({ code: "ERR_INVALID_OPTION", requestSent: "no" });
    expect(transport.requests).toEqual([]);
  });

  it("behind one that fails are closed, and none is left open", async () => {
    const closed: string[] = [];
    const own = new Readable({ read: () => undefined }).once("close", () => closed.push("own"));
    const made = new Readable({ read: () => undefined }).once("close", () => closed.push("made"));
    const error = await failure(
      sessionOf().session.post("", {
        multipart: [
          { name: "a", content: pieces("1", new Error("disk")) },
          { name: "b", content: own },
          { name: "c", content: () => made },
        ],
      }),
    );
    expect(error).toMatchObject({ code: "ERR_CONTENT_SOURCE", cause: { message: "disk" } });
    await turns();
    expect(closed.toSorted()).toEqual(["made", "own"]);
  });

  it("that cannot be made leave none of the others open", async () => {
    const closed: string[] = [];
    const made = new Readable({ read: () => undefined }).once("close", () => closed.push("made"));
    const { session, transport } = sessionOf();
    const error = await failure(
      session.post("", {
        multipart: [
          { name: "c", content: () => made },
          { name: "d", content: () => Promise.reject(new Error("planned")) },
        ],
      }),
    );
    expect(error).toMatchObject({
      code: "ERR_CONTENT_SOURCE",
      requestSent: "no",
      cause: { message: "planned" },
    });
    await turns();
    expect([closed, transport.requests]).toEqual([["made"], []]);
  });

  it("that stall are closed when the call is aborted", async () => {
    const own = new Readable({ read: () => undefined });
    own.push("first");
    const controller = new AbortController();
    const call = failure(
      sessionOf({ hang: "sent" }).session.post("", {
        multipart: [{ name: "b", content: own }],
        signal: controller.signal,
      }),
    );
    await turns();
    controller.abort();
    await call;
    await turns();
    expect(own.destroyed).toBe(true);
  });
});
