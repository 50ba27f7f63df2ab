/* What errors look like: whatever they are printed as, they show no secrets and take 4 kB at most. */

import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { attribute } from "../src/errors.ts";
import { type HttpError, httpError } from "../src/index.ts";
import { failure, respondTo, sessionOf } from "./support/session.ts";

const secret = "hunter2";

/** What a console writes of a value. */
function logged(value: unknown): string {
  let text = "";
  const stdout = new Writable({
    write(piece: Buffer, _encoding, done) {
      text += piece.toString();
      done();
    },
  });
  new Console({ stdout, colorMode: false }).log(value);
  return text;
}

/** The forms that are bounded. */
const prints = (error: Error): Record<string, string> => ({
  message: error.message,
  text: String(error),
  stack: String(error.stack),
  json: JSON.stringify(error),
  record: JSON.stringify({ error }),
  inspected: inspect(error),
  nested: inspect({ error }, { depth: 9 }),
  logged: logged(error),
  clone: inspect(structuredClone(error)),
});

/** Beside these, what loggers do that know nothing of errors: they take properties, or look behind `inspect`. */
const looks = (error: Error): Record<string, string> => ({
  ...prints(error),
  hidden: inspect(error, { customInspect: false }),
  copied: JSON.stringify(Object.assign({}, error)),
  copy: inspect(Object.assign({}, error)),
});

function expectNoSecret(error: Error): void {
  expect(Object.entries(looks(error)).filter(([, text]) => text.includes(secret))).toEqual([]);
}

const secretUrl =
  `https://user:${secret}@a.test/p;jsessionid=${secret}?q=1&access_token=${secret}&api_key=${secret}` +
  `&sig=${secret}&X-Amz-Signature=${secret}&back=https%3A%2F%2Fb.test%2F%3Ftoken%3D${secret}#access_token=${secret}`;

/** What libraries say, with secrets in it. */
const words = [
  `connect to ${secretUrl} failed`,
  `Failed to parse URL from ${secretUrl}`,
  secretUrl,
  `proxy http://user:${secret}@proxy.test:8080 said no`,
  `authorization: Bearer ${secret}`,
  `Authorization: Basic ${secret}`,
  `no access with Bearer ${secret}`,
  `header "cookie: a=${secret}; b=${secret}" is bad`,
  `set-cookie: sid=${secret}; HttpOnly`,
  `Proxy-Authorization: Basic ${secret}`,
  `x-api-key: ${secret}`,
  `{"headers":{"x-api-key":"${secret}","authorization":"Bearer ${secret}"}}`,
  `{\\"password\\":\\"a ${secret}\\"}`,
  `{ clientSecret: 'a ${secret}', refreshToken: '${secret}' }`,
];

describe("an error shows no secrets", () => {
  it("of its URL", () => {
    const error = httpError("ERR_DNS_FAILED", { request: { method: "GET", url: secretUrl } });
    expectNoSecret(error);
    expect(error.request?.url).toBe(
      "https://a.test/p;jsessionid=[redacted]&access_token=[redacted]&api_key=[redacted]" +
        "&sig=[redacted]&X-Amz-Signature=[redacted]&back=[redacted]",
    );
  });

  it.each(words)("of a cause's words: %#", (text) => {
    expectNoSecret(httpError("ERR_TRANSPORT", { cause: new Error(text) }));
    expectNoSecret(httpError("ERR_TRANSPORT", { cause: text }));
  });

  it.each(words)("of what is behind a cause: %#", (text) => {
    const gathered = new AggregateError([new Error(text), new Error("other")], "several");
    let chain = new Error(text);
    for (let depth = 0; depth < 4; depth++) chain = new Error(`level ${depth}`, { cause: chain });
    for (const cause of [new TypeError("fetch failed", { cause: gathered }), gathered, chain])
      expectNoSecret(httpError("ERR_TRANSPORT", { cause }));
  });

  it("of what a cause holds: the request of a library, say", () => {
    const config = { headers: { authorization: secret }, auth: { password: secret } };
    const cause = Object.assign(new Error("Request failed"), { config, request: config });
    expectNoSecret(httpError("ERR_TRANSPORT", { cause }));
    expectNoSecret(httpError("ERR_TRANSPORT", { cause: config }));
  });

  it("of its response", async () => {
    const response = await respondTo({
      headers: { "set-cookie": `a=${secret}`, "x-api-key": secret },
      content: secret,
    });
    const error = httpError("ERR_STATUS", { fields: { response, status: 500 } });
    expect((error as HttpError & { response: unknown }).response).toBe(response);
    expectNoSecret(error);
  });

  it("of the request, whatever fails about it", async () => {
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `sid=${secret}`,
      "proxy-authorization": `Basic ${secret}`,
      "x-api-key": secret,
    };
    const call = { headers, json: { password: secret } };
    const url = `a?token=${secret}`;
    const of = (step: Parameters<typeof sessionOf>[0]) => sessionOf(step).session;
    expectNoSecret(await failure(of({ status: 401, content: secret }).post(url, call)));
    expectNoSecret(await failure(of({ error: new Error(`cookie: ${secret}`) }).post(url, call)));
    expectNoSecret(
      await failure(
        of({ content: `{"token":${secret}` })
          .post(url, call)
          .json(),
      ),
    );
    expectNoSecret(
      await failure(of({}).post(`http://user:${secret}@a.test/?token=${secret}`, call)),
    );
    expectNoSecret(await failure(of({}).post(`http://user:${secret}@:bad/`, call)));
    expectNoSecret(
      await failure(of({}).post("a", { headers: { "x-api-key": `${secret}\r\nx: y` } })),
    );
    const redirected = of({ status: 302, headers: { location: `ftp://user:${secret}@b.test/` } });
    expectNoSecret(await failure(redirected.get("a")));
  });
});

describe("an error takes 4 kB at most", () => {
  const fills = {
    letters: "x",
    quotes: '"',
    backslashes: "\\",
    "control characters": "\u0001",
    "three bytes": "語",
    "four bytes": "😀",
    "half characters": "\ud800",
    parameters: "&token=a",
    "nested parameters": "%26token%3Da",
  };

  function expectBounded(error: Error): void {
    const sizes = Object.entries(prints(error)).map(([form, text]) => [
      form,
      Buffer.byteLength(text),
    ]);
    expect(sizes.filter(([, size]) => Number(size) > 4096)).toEqual([]);
  }

  it.each(Object.entries(fills))("with 200,000 characters everywhere, of %s", (_, fill) => {
    const long = fill.repeat(200_000 / fill.length);
    const cause = Object.assign(new Error(long), { code: long, name: long });
    const request = { method: long, url: `https://a.test/?${long}` };
    expectBounded(
      httpError("ERR_PARSE_SCHEMA", {
        request,
        what: long,
        cause,
        fields: { issues: Array.from({ length: 1000 }, () => ({ message: long })) },
      }),
    );
    expectBounded(attribute(httpError("ERR_STATUS", { what: long, cause: long }), request));
  });

  it("with causes without end", () => {
    const circle: Error = new Error("circle");
    circle.cause = circle;
    let deep = new Error("deepest");
    for (let depth = 0; depth < 100_000; depth++) deep = new Error(`x${depth}`, { cause: deep });
    const wide = (depth: number): Error =>
      new AggregateError(
        Array.from({ length: 10 }, () => (depth > 0 ? wide(depth - 1) : new Error("y"))),
        "wide",
      );
    const gathered = new AggregateError([], "itself");
    gathered.errors.push(gathered, gathered);
    for (const cause of [circle, deep, wide(3), gathered])
      expectBounded(httpError("ERR_TRANSPORT", { cause }));
  });

  it("with a URL and header values of a megabyte, on its way through a session", async () => {
    const long = "v".repeat(1_000_000);
    const { session } = sessionOf({ status: 500, headers: { "x-long": long }, content: long });
    const error = await failure(session.get(`a?q=${long}`, { headers: { "x-long": long } }));
    expect(error.code).toBe("ERR_STATUS");
    expectBounded(error);
    expectBounded(
      await failure(sessionOf({}).session.get("a", { headers: { "x-a": `${long}\n` } })),
    );
    expectBounded(
      await failure(sessionOf({}).session.get("a", { headers: { [`${long} `]: "a" } })),
    );
  });
});

describe("an error in print", () => {
  const shown = (cause: unknown): unknown =>
    JSON.parse(JSON.stringify(httpError("ERR_ABORTED", { cause })))["cause"];

  it("tells a cause of any kind in brief", () => {
    expect(shown(Object.assign(new TypeError("bad"), { code: "ECODE" }))).toBe(
      "TypeError ECODE: bad",
    );
    expect([shown("text"), shown(5), shown(Symbol("s")), shown(null), shown(undefined)]).toEqual([
      "text",
      "5",
      "of type symbol",
      "null",
      undefined,
    ]);
    expect(shown(new DOMException("stop", "AbortError"))).toBe("AbortError: stop");
  });

  it("tells what is behind it", () => {
    const refused = Object.assign(new Error("connect ::1"), { code: "ECONNREFUSED" });
    const gathered = new AggregateError([refused, new Error("connect 127.0.0.1")]);
    expect(shown(new TypeError("fetch failed", { cause: gathered }))).toBe(
      "TypeError: fetch failed; AggregateError: ; Error ECONNREFUSED: connect ::1; Error: connect 127.0.0.1",
    );
  });

  it.each([
    Object.create(null) as object,
    { toString: () => Promise.reject(new Error("no")) },
    Object.defineProperty(new Error("a"), "message", {
      get: () => {
        throw new Error("no");
      },
    }),
    Object.assign(new Error("a"), { message: Symbol("s") }),
    Object.assign(new Error("a"), { name: { toString: null } }),
    new Proxy({}, { get: () => Object.create(null) as object }),
    (): number => 1,
  ])("bears a cause that cannot be printed: %#", (cause) => {
    const error = httpError("ERR_ABORTED", { cause });
    expect(() => prints(error)).not.toThrow();
    expect(error.cause).toBe(cause);
  });

  it("shows the facts where Node prints it, and not the response or the cause in full", async () => {
    const response = await respondTo({});
    const error = httpError("ERR_STATUS", { cause: new Error("why"), fields: { response } });
    expect(inspect(error)).toMatch(
      /StatusError: [\s\S]*\{"code":"ERR_STATUS","phase":"response",.*"attempt":1,"cause":"Error: why"\}$/,
    );
  });

  it("shows all the facts, however long the stack is", () => {
    const error = httpError("ERR_DNS_FAILED", {
      request: { method: "GET", url: "http://a.test/" },
    });
    error.stack = `${error.stack}\n${"    at somewhere\n".repeat(1000)}`;
    expect(inspect(error)).toMatch(/"request":\{"method":"GET","url":"http:\/\/a\.test\/"\}.*\}$/);
  });

  it("is a record without functions for toJSON", () => {
    expect(
      httpError("ERR_QUEUE_FULL", { request: { method: "GET", url: "http://a.test/" } }).toJSON(),
    ).toEqual({
      name: "QueueFullError",
      message:
        "GET http://a.test/: the queue is full (ERR_QUEUE_FULL). Raise limits.queue, or send less at once.",
      code: "ERR_QUEUE_FULL",
      phase: "queue",
      retryable: true,
      requestSent: "no",
      request: { method: "GET", url: "http://a.test/" },
      attempt: 1,
      cause: undefined,
    });
  });

  it.each([new Error("why"), () => 1, { read: () => 1 }])("can be cloned, cause %#", (cause) => {
    const error = httpError("ERR_STATUS", {
      request: { method: "GET", url: "http://a.test/" },
      cause,
      fields: { response: { read: () => 1 } },
    });
    const clone = structuredClone(error) as Error;
    expect(clone).toBeInstanceOf(Error);
    expect(clone.message).toBe(error.message);
  });
});
