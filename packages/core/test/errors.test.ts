import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import * as anyhttp from "../src/index.ts";
import { attribute } from "../src/errors.ts";
import { failure, respondTo, sessionOf } from "./support/session.ts";

const { type: _type, ...classes } = { type: null, ...anyhttp };
const { errorCodes, HttpError, httpError, isHttpError } = anyhttp;
type ErrorCode = anyhttp.ErrorCode;
const codes = Object.keys(errorCodes) as ErrorCode[];
const phases = [
  "prepare",
  "queue",
  "connect",
  "write",
  "response",
  "read",
  "redirect",
  "parse",
  "attempt",
  "total",
];

function classOf(kind: string): typeof HttpError {
  const found = (classes as Record<string, unknown>)[kind];
  if (typeof found !== "function") throw new Error(`${kind} is not exported`);
  return found as typeof HttpError;
}

/** Everything that an error may be printed as. */
const prints = (error: Error): string[] => [
  error.message,
  JSON.stringify(error),
  inspect(error),
  inspect({ error }, { depth: 9 }),
  String(error),
];

describe.each(codes)("the code %s", (code) => {
  const [kind, phase, sent, what, remedy] = errorCodes[code];

  it("has a class of its own name in the tree, a phase, and what the origin can have seen", () => {
    const error = httpError(code);
    expect(error).toBeInstanceOf(classOf(kind));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: kind,
      code,
      phase,
      requestSent: sent,
      request: null,
      attempt: 1,
    });
    expect(Object.getPrototypeOf(error)).toBe(classOf(kind).prototype);
    expect(phases).toContain(phase);
    expect(["no", "maybe", "yes"]).toContain(sent);
    expect(code).toMatch(/^ERR_[A-Z]+(_[A-Z]+)*$/);
  });

  it("says what failed and what to do", () => {
    expect(what).toMatch(/^(the|a|an|no|too) .*[^.]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(httpError(code).message).toBe(`${what} (${code}). ${remedy}`);
    expect(httpError(code, { request: { method: "GET", url: "http://a.test/" } }).message).toBe(
      `GET http://a.test/: ${what} (${code}). ${remedy}`,
    );
  });
});

describe("the tree", () => {
  it("has a code for each class, and connection errors are of one family", () => {
    const kinds = new Set(codes.map((code) => errorCodes[code][0]));
    const exported = Object.keys(classes).filter(
      (name) => name.endsWith("Error") && /^[A-Z]/.test(name),
    );
    expect(exported.filter((name) => !kinds.has(name as never))).toEqual([]);
    for (const code of codes) {
      const family = /^ERR_(NETWORK|DNS|CONNECT|TLS|PROXY|ADDRESS|DISCONNECTED|TRANSPORT)/.test(
        code,
      );
      expect([code, httpError(code) instanceof anyhttp.ConnectionError]).toEqual([code, family]);
    }
  });

  it("tells apart what is of it and what is not", () => {
    const error = httpError("ERR_DNS_FAILED");
    expect([
      isHttpError(error),
      error instanceof HttpError,
      error instanceof anyhttp.TimeoutError,
    ]).toEqual([true, true, false]);
    for (const other of [
      new Error("a"),
      null,
      undefined,
      "ERR_DNS_FAILED",
      {},
      { code: "ERR_DNS_FAILED" },
      () => error,
    ]) {
      expect([
        isHttpError(other),
        other instanceof HttpError,
        other instanceof anyhttp.DnsError,
      ]).toEqual([false, false, false]);
    }
  });

  it("is recognised across two copies of the package", async () => {
    vi.resetModules();
    const copy = await import("../src/index.ts");
    expect(copy.HttpError).not.toBe(HttpError);
    for (const code of codes) {
      const [kind] = errorCodes[code];
      const foreign = copy.httpError(code);
      expect(Object.getPrototypeOf(foreign)).not.toBe(classOf(kind).prototype);
      expect([
        isHttpError(foreign),
        foreign instanceof HttpError,
        foreign instanceof classOf(kind),
      ]).toEqual([true, true, true]);
      expect(foreign instanceof anyhttp.ConnectionError).toBe(
        httpError(code) instanceof anyhttp.ConnectionError,
      );
    }
    expect(copy.httpError("ERR_DNS_FAILED") instanceof anyhttp.TlsError).toBe(false);
  });

  it("takes classes that applications derive for what they are", () => {
    class OwnError extends anyhttp.TimeoutError {}
    const own = new OwnError("ERR_TIMEOUT_TOTAL", "it took long", "Wait.");
    expect(own).toBeInstanceOf(anyhttp.TimeoutError);
    expect(own).toBeInstanceOf(HttpError);
    expect(own).toBeInstanceOf(OwnError);
    expect(httpError("ERR_TIMEOUT_TOTAL")).not.toBeInstanceOf(OwnError);
  });

  it("keeps cause, attempt, phase and fields as they are given", () => {
    const cause = { any: "thing" };
    const error = httpError("ERR_TIMEOUT_READ", {
      cause,
      attempt: 3,
      phase: "parse",
      requestSent: "no",
      fields: { limit: 5, elapsed: 6 },
    });
    expect(error).toMatchObject({
      cause,
      attempt: 3,
      phase: "parse",
      requestSent: "no",
      limit: 5,
      elapsed: 6,
    });
    expect("cause" in httpError("ERR_TIMEOUT_READ", { cause: undefined })).toBe(false);
  });
});

describe("retryable", () => {
  const passing =
    /^ERR_(DNS|CONNECT|DISCONNECTED|PROXY|QUEUE_FULL|NETWORK|CONTENT_TRUNCATED|TIMEOUT_(?!TOTAL))/;

  it.each(codes)("of %s follows from whether it passes, what was sent, and the method", (code) => {
    for (const method of [
      "GET",
      "HEAD",
      "OPTIONS",
      "TRACE",
      "PUT",
      "DELETE",
      "POST",
      "PATCH",
      "purge",
    ]) {
      const idempotent = /^(GET|HEAD|OPTIONS|TRACE|PUT|DELETE)$/.test(method);
      for (const requestSent of ["no", "maybe", "yes"] as const) {
        const error = httpError(code, { requestSent, request: { method, url: "http://a.test/" } });
        expect(error.retryable, `${method} ${requestSent}`).toBe(
          passing.test(code) && (requestSent === "no" || idempotent),
        );
      }
    }
    expect(httpError(code).retryable).toBe(passing.test(code) && errorCodes[code][2] === "no");
  });
});

describe("what an error is printed as", () => {
  const secret = "hunter2";
  const secretUrl = `https://user:${secret}@a.test/p?q=1&access_token=${secret}&api-key=${secret}&sig=${secret}#${secret}`;

  it("holds no secrets of the URL", () => {
    const error = httpError("ERR_DNS_FAILED", { request: { method: "GET", url: secretUrl } });
    for (const print of prints(error)) expect(print).not.toContain(secret);
    expect(error.request).toEqual({
      method: "GET",
      url: "https://a.test/p?q=1&access_token=[redacted]&api-key=[redacted]&sig=[redacted]",
    });
  });

  it.each([
    `connect to ${secretUrl} failed`,
    `Failed to parse URL from ${secretUrl}`,
    secretUrl,
    `proxy http://user:${secret}@proxy.test:8080 said no`,
    `authorization: Bearer ${secret}`,
    `header "cookie: a=${secret}; b=${secret}" is bad`,
    `Proxy-Authorization: Basic ${secret}`,
  ])("holds no secrets of a library's message: %#", (message) => {
    const error = httpError("ERR_TRANSPORT", { cause: new Error(message) });
    for (const print of [JSON.stringify(error), inspect(error)])
      expect(print).not.toContain(secret);
  });

  it("is at most 4 kB, however long what went in", () => {
    const long = "x".repeat(100_000);
    const cause = Object.assign(new Error(long), { code: long, name: long });
    const error = httpError("ERR_PARSE_SCHEMA", {
      request: { method: long, url: `https://a.test/${long}` },
      what: long,
      cause,
      fields: {
        issues: Array.from({ length: 1000 }, () => ({ message: long })),
        response: { long },
      },
    });
    for (const print of [
      ...prints(error),
      JSON.stringify(
        attribute(httpError("ERR_STATUS", { what: long, cause: long }), {
          method: long,
          url: long,
        }),
      ),
    ]) {
      expect(print.length).toBeLessThanOrEqual(4096);
    }
  });

  it("shows a cause of any kind in brief", () => {
    const shown = (cause: unknown): unknown =>
      JSON.parse(JSON.stringify(httpError("ERR_ABORTED", { cause })))["cause"];
    expect(shown(Object.assign(new TypeError("bad"), { code: "ECODE" }))).toBe(
      "TypeError ECODE: bad",
    );
    expect([shown("text"), shown(5), shown(Symbol("s")), shown(null)]).toEqual([
      "text",
      "5",
      "of type symbol",
      "null",
    ]);
    expect(() => shown(Object.create(null))).not.toThrow();
    expect(() =>
      shown({
        toString: () => {
          throw new Error("no");
        },
      }),
    ).not.toThrow();
    expect(shown(undefined)).toBeUndefined();
  });

  it("shows the facts where Node prints it, and not the response or the cause in full", async () => {
    const response = await respondTo({ headers: { "set-cookie": `a=${secret}` } });
    const error = httpError("ERR_STATUS", { cause: new Error("why"), fields: { response } });
    expect(inspect(error)).toMatch(
      /StatusError: [\s\S]*\{"code":"ERR_STATUS","phase":"response",.*"attempt":1,"cause":"Error: why"\}$/,
    );
    expect(inspect(error)).not.toContain(secret);
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

  it.each(codes)("can be cloned: %s", (code) => {
    const error = httpError(code, {
      request: { method: "GET", url: "http://a.test/" },
      cause: new Error("why"),
      fields: { response: { read: () => 1 } },
    });
    const clone = structuredClone(error) as Error;
    expect(clone).toBeInstanceOf(Error);
    expect(clone.message).toBe(error.message);
  });
});

describe("an error on its way out", () => {
  const request = { method: "PUT", url: "http://user:hunter2@a.test/x?token=hunter2" };

  it("is given its request once, in message, stack and fields", () => {
    const error = httpError("ERR_DNS_FAILED");
    expect(attribute(error, request)).toBe(error);
    expect(error.request).toEqual({ method: "PUT", url: "http://a.test/x?token=[redacted]" });
    expect(error.message).toMatch(
      /^PUT http:\/\/a\.test\/x\?token=\[redacted\]: the host name could not/,
    );
    expect(error.stack).toContain(error.message);
    const before = error.message;
    attribute(error, { method: "GET", url: "http://b.test/" });
    expect(error.message).toBe(before);
  });

  it("is wrapped if it is foreign, with itself as cause", () => {
    for (const cause of [new Error("own"), "text", undefined, null, 5]) {
      const wrapped = attribute(cause, request);
      expect(wrapped).toMatchObject({
        code: "ERR_TRANSPORT",
        name: "ConnectionError",
        request: { method: "PUT" },
      });
      expect(wrapped.cause ?? undefined).toBe(cause ?? undefined);
    }
    expect(
      attribute(new Error("own"), request, (own) => httpError("ERR_MIDDLEWARE", { cause: own }))
        .code,
    ).toBe("ERR_MIDDLEWARE");
  });

  it("keeps dollar signs of its message in its stack", () => {
    const error = httpError("ERR_PARSE_JSON", { what: "it cost $& and $1" });
    attribute(error, request);
    expect(error.stack).toContain("it cost $& and $1");
  });

  it("of a transport that rejects with anything is of the tree", async () => {
    for (const thrown of [
      new Error("own"),
      "text",
      undefined,
      null,
      5,
      { code: "ERR_DNS_FAILED" },
    ]) {
      const { session } = sessionOf({ error: thrown });
      expect(await failure(session.get(""))).toMatchObject({
        code: "ERR_TRANSPORT",
        requestSent: "maybe",
        request: { method: "GET" },
      });
      expect(session.stats.active).toBe(0);
    }
  });

  it("of a transport that throws at once is of the tree, too", async () => {
    const { session, transport } = sessionOf();
    transport.send = () => {
      throw new Error("against the contract");
    };
    expect(await failure(session.get(""))).toMatchObject({
      code: "ERR_TRANSPORT",
      cause: { message: "against the contract" },
    });
  });

  it("of a transport that is of the tree is passed on, named", async () => {
    const error = httpError("ERR_CONNECT_REFUSED");
    expect(await failure(sessionOf({ error }).session.get("x"))).toBe(error);
    expect(error.request?.url).toBe("http://origin.test/x");
  });
});
