import { describe, expect, it } from "vitest";
import * as anyhttp from "../src/index.ts";
import { attribute } from "../src/errors.ts";
import { failure, sessionOf } from "./support/session.ts";

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
