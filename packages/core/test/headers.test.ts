import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HttpHeaders, type HeadersInput } from "../src/index.ts";
import { fieldValue } from "../src/http/field.ts";
import { failure, sessionOf } from "./support/session.ts";
import { holds } from "./support/generated.ts";

describe("HttpHeaders", () => {
  it.each<[string, HeadersInput]>([
    ["a record", { "X-One": "1", "x-two": ["2", "3"] }],
    [
      "pairs",
      [
        ["X-One", "1"],
        ["x-two", "2"],
        ["x-two", "3"],
      ],
    ],
    [
      "a Map",
      new Map([
        ["X-One", "1"],
        ["x-two", "2, 3"],
      ]),
    ],
    [
      "platform headers",
      new Headers([
        ["X-One", "1"],
        ["x-two", "2"],
        ["x-two", "3"],
      ]),
    ],
    ["other headers", new HttpHeaders({ "X-One": "1", "x-two": ["2", "3"] })],
  ])("are made of %s", (_kind, init) => {
    const headers = new HttpHeaders(init);
    expect([headers.get("x-one"), headers.get("X-TWO")]).toEqual(["1", "2, 3"]);
  });

  it("are empty by default", () => {
    const headers = new HttpHeaders();
    expect([headers.size, [...headers], headers.toJSON(), headers.get("a")]).toEqual([
      0,
      [],
      {},
      null,
    ]);
  });

  it("turn numbers and booleans into text, and leave out null and undefined", () => {
    const headers = new HttpHeaders({ a: 1, b: false, c: null, d: undefined, e: [2, true] });
    expect([...headers]).toEqual([
      ["a", "1"],
      ["b", "false"],
      ["e", "2"],
      ["e", "true"],
    ]);
  });

  it("keep the case, the order and the duplicates of names", () => {
    const headers = new HttpHeaders([
      ["B", "1"],
      ["a", "2"],
      ["b", "3"],
    ]);
    expect([...headers.entries()]).toEqual([
      ["B", "1"],
      ["a", "2"],
      ["b", "3"],
    ]);
    expect([headers.getAll("b"), headers.get("B"), headers.size]).toEqual([["1", "3"], "1, 3", 3]);
  });

  it("set replaces all lines of a name, append adds one, delete removes all", () => {
    const headers = new HttpHeaders([
      ["A", "1"],
      ["b", "2"],
      ["a", "3"],
    ]);
    expect([...headers.set("a", ["4", 5])]).toEqual([
      ["b", "2"],
      ["a", "4"],
      ["a", "5"],
    ]);
    expect(headers.append("B", true).getAll("b")).toEqual(["2", "true"]);
    expect([headers.delete("A"), headers.delete("a"), headers.has("a"), headers.has("B")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    headers.set("b", []);
    expect(headers.size).toBe(0);
  });

  it("change nothing when a value is refused", async () => {
    const headers = new HttpHeaders({ a: "1" });
    await failure(() => headers.set("a", ["2", "3\n"]));
    await failure(() => headers.append("a", "\0"));
    expect([...headers]).toEqual([["a", "1"]]);
  });

  it("never join set-cookie apart from get", () => {
    const headers = new HttpHeaders({ "Set-Cookie": ["a=1; expires=Thu, 01 Jan", "b=2"] });
    expect(headers.getSetCookie()).toEqual(["a=1; expires=Thu, 01 Jan", "b=2"]);
    expect(new HttpHeaders().getSetCookie()).toEqual([]);
  });

  it("satisfy HeadersInit", () => {
    const headers = new HttpHeaders([
      ["A", "1"],
      ["a", "2"],
      ["set-cookie", "b=1"],
      ["set-cookie", "c=2"],
    ]);
    const init: HeadersInit = headers;
    expect([...new Headers(init)]).toEqual([
      ["a", "1, 2"],
      ["set-cookie", "b=1"],
      ["set-cookie", "c=2"],
    ]);
    expect(new Request("http://origin.test/", { headers }).headers.get("a")).toBe("1, 2");
  });

  it("have keys, values and forEach as platform headers do", () => {
    const headers = new HttpHeaders([
      ["A", "1"],
      ["b", "2"],
      ["a", "3"],
    ]);
    const seen: string[] = [];
    headers.forEach((value, name, whole) => seen.push(`${name}=${value} of ${whole.size}`));
    expect([[...headers.keys()], [...headers.values()]]).toEqual([
      ["A", "b", "a"],
      ["1", "2", "3"],
    ]);
    expect(seen).toEqual(["A=1 of 3", "b=2 of 3", "a=3 of 3"]);
  });

  it("make a record by lower-case name for JSON, with arrays for several lines", () => {
    const headers = new HttpHeaders([
      ["A", "1"],
      ["b", "2"],
      ["a", "3"],
      ["a", "4"],
    ]);
    expect(JSON.stringify(headers)).toBe('{"a":["1","3","4"],"b":"2"}');
  });

  it("take names such as __proto__ and constructor for names", () => {
    const init = JSON.parse('{"__proto__":"1","constructor":"2","toString":"3"}') as Record<
      string,
      string
    >;
    const headers = new HttpHeaders(init);
    expect([
      headers.get("__proto__"),
      headers.get("constructor"),
      headers.get("hasownproperty"),
    ]).toEqual(["1", "2", null]);
    const record = headers.toJSON();
    expect(Object.keys(record)).toEqual(["__proto__", "constructor", "tostring"]);
    expect(Object.getPrototypeOf(record)).toBeNull();
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  it("copy what they are made of", () => {
    const first = new HttpHeaders({ a: "1" });
    const second = new HttpHeaders(first);
    second.append("b", "2");
    first.set("a", "3");
    expect([[...first], [...second]]).toEqual([
      [["a", "3"]],
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ]);
  });

  it.each<[string, unknown]>([
    ["text", "a: b"],
    ["a number", 1],
    ["null", null],
    ["a list of texts", ["a"]],
    ["pairs of three", [["a", "b", "c"]]],
  ])("cannot be made of %s", async (_kind, init) => {
    const error = await failure(() => new HttpHeaders(init as HeadersInput));
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      code: "ERR_INVALID_HEADER",
      requestSent: "no",
    });
    expect(error.message).toMatch(/Pass a record .* or pairs\.$/);
  });

  it("behave like a list of pairs whatever is done to them", async () => {
    const name = fc.constantFrom("a", "A", "b", "set-cookie", "__proto__");
    const value = fc.stringMatching(/^[!-~]{0,4}$/);
    const step = fc.record({ what: fc.constantFrom("set", "append", "delete"), name, value });
    await holds(
      100,
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const headers = new HttpHeaders();
        let model: [string, string][] = [];
        for (const { what, name, value } of steps) {
          if (what === "set") headers.set(name, value);
          else if (what === "append") headers.append(name, value);
          else headers.delete(name);
          if (what !== "append")
            model = model.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
          if (what !== "delete") model.push([name, value]);
          expect([...headers]).toEqual(model);
          const again = new HttpHeaders(headers.toJSON());
          for (const one of ["a", "b", "set-cookie", "__proto__"])
            expect(again.getAll(one)).toEqual(headers.getAll(one));
        }
      }),
    );
  });
});

describe("field names and values", () => {
  it.each(["", " ", "a b", "a:", "ä", "a\r\nb", "a\0", "(a)", "a,b"])(
    "refuse the name %j",
    async (name) => {
      const error = await failure(() => fieldValue(name, "x"));
      expect(error.code).toBe("ERR_INVALID_HEADER");
      expect(error.message).toContain("has no valid name");
    },
  );

  it("accept every character of a token as a name", () => {
    for (let code = 33; code < 127; code++) {
      const name = String.fromCharCode(code);
      if (/[!#$%&'*+\-.^_`|~\w]/.test(name)) expect(fieldValue(name, "x")).toBe("x");
      else expect(() => fieldValue(name, "x")).toThrow("no valid name");
    }
  });

  it("accept in values what has a byte and is no control, and nothing else", () => {
    for (let code = 0; code < 0x180; code++) {
      const value = `a${String.fromCharCode(code)}b`;
      const allowed = code === 9 || (code >= 32 && code <= 255 && code !== 127);
      if (allowed) expect(fieldValue("x", value)).toBe(value);
      else
        expect(() => fieldValue("x", value), `U+${code.toString(16)}`).toThrow(
          'the header "x" holds',
        );
    }
  });

  it.each(["\ra", "a\n", "\r\na: b", "a\0", "\0"])(
    "refuse CR, LF and NUL at the edges of a value: %j",
    async (value) => {
      expect(await failure(() => new HttpHeaders({ x: value }))).toMatchObject({
        code: "ERR_INVALID_HEADER",
      });
    },
  );

  it.each<[string, () => unknown]>([
    ["a record", () => new HttpHeaders({ x: "1\r\ny: 2" })],
    ["pairs", () => new HttpHeaders([["x", "1\r\ny: 2"]])],
    ["set", () => new HttpHeaders().set("x", "1\r\ny: 2")],
    ["set with a list", () => new HttpHeaders().set("x", ["1", "1\r\ny: 2"])],
    ["set with a name", () => new HttpHeaders().set("1\r\ny: 2", "1")],
    ["set with an object", () => new HttpHeaders().set("x", { toString: () => "1\ny" } as never)],
    ["append", () => new HttpHeaders().append("x", "1\r\ny: 2")],
    ["append with a name", () => new HttpHeaders().append("x a", "1")],
    ["characters whose low octets are CR LF", () => new HttpHeaders().append("x", "\u010D\u010A")],
  ])("are checked on each way in: %s", async (_way, give) => {
    expect(await failure(give)).toMatchObject({ code: "ERR_INVALID_HEADER" });
  });

  it("take white space off the edges of values", () => {
    expect(["", " ", "\t a b \t", "a"].map((value) => fieldValue("x", value))).toEqual([
      "",
      "",
      "a b",
      "a",
    ]);
  });

  it("refuse values of other types without showing them", async () => {
    for (const value of [{ secret: 1 }, ["secret"], Symbol("secret"), () => "secret"]) {
      const error = await failure(() => new HttpHeaders([["x-key", value as unknown as string]]));
      expect(error.message).toContain('headers["x-key"] is of type');
      expect(error.message).not.toContain("secret");
    }
    const error = await failure(() => fieldValue("authorization", "Bearer planted-secret\n"));
    expect(error.message).not.toContain("planted-secret");
  });
});

describe("headers of calls", () => {
  it("replace the session's of the same name, and null removes one", async () => {
    const { session, transport } = sessionOf(
      {},
      { headers: { "X-One": "1", "x-two": ["2", "3"], "user-agent": "test" } },
    );
    await session.get("", { headers: { "x-ONE": ["a", "b"], "x-two": null, accept: null } });
    expect(transport.last.lines.slice(0, 6)).toEqual([
      "user-agent",
      "test",
      "x-ONE",
      "a",
      "x-ONE",
      "b",
    ]);
    expect(Object.keys(transport.last.fields).toSorted()).toEqual(["user-agent", "x-one"]);
  });

  it("are those of the session if the call gives none", async () => {
    const { session, transport } = sessionOf({}, { headers: { "x-one": "1" } });
    await session.get("");
    expect(transport.last.fields).toMatchObject({
      "x-one": "1",
      accept: "*/*",
      "user-agent": "anyhttp",
    });
  });

  it.each([
    "connection",
    "Keep-Alive",
    "proxy-connection",
    "TE",
    "trailer",
    "Transfer-Encoding",
    "upgrade",
    "http2-settings",
    "expect",
  ])("may not frame the connection with %s", async (name) => {
    const { session, transport } = sessionOf();
    const error = await failure(session.get("", { headers: { [name]: "x" } }));
    expect(error).toMatchObject({ code: "ERR_INVALID_HEADER", requestSent: "no" });
    expect(error.message).toMatch(/frames the connection.*(Leave it out|Set expectContinue)\.$/);
    expect(transport.requests).toEqual([]);
    expect(await failure(() => sessionOf({}, { headers: { [name]: "x" } }))).toMatchObject({
      code: "ERR_INVALID_HEADER",
    });
  });

  it.each(["a b", "a/b", "u@a", "a:http", "a:1:2", "[::1", "caf\u00e9", ""])(
    "may not name a host %j",
    async (host) => {
      const { session } = sessionOf();
      const error = await failure(session.get("", { headers: { host } }));
      expect(error.message).toMatch(/"host" is no host.*Pass host or host:port\.$/);
    },
  );

  it.each(["a", "a.b:80", "[::1]:8080", "xn--a_b.c:", "%41"])(
    "may name a host %j",
    async (host) => {
      const { session, transport } = sessionOf();
      await session.get("", { headers: { host } });
      expect(transport.last.fields).toMatchObject({ host });
    },
  );

  it("shows nothing of what stands behind a colon or a space in a name", async () => {
    const { session } = sessionOf();
    const error = await failure(session.get("", { headers: { "x-key: hunter2": "" } }));
    expect(error.message).toContain('the header "x-key:…" has no valid name');
  });

  it.each(["host", "content-length"])("may not hold a second %s", async (name) => {
    const { session } = sessionOf();
    const error = await failure(
      session.post("", {
        body: "a",
        headers: [
          [name, "1"],
          [name.toUpperCase(), "1"],
        ],
      }),
    );
    expect(error.message).toContain(`the header "${name}" is given more than once`);
  });
});
