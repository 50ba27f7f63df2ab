/* `retryable`: by what failed, whether the origin can have seen the request, the method, and the content. */

import { describe, expect, it } from "vitest";
import { attribute } from "../src/errors.ts";
import {
  type BodyFactory,
  type BodyInput,
  bodyPieces,
  errorCodes,
  type ErrorCode,
  httpError,
} from "../src/index.ts";
import { failure, sessionOf } from "./support/session.ts";

const codes = Object.keys(errorCodes) as ErrorCode[];
const methods = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH", "purge"];
const idempotent = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
const contents = [
  ["none", null, true],
  ["unknown", undefined, true],
  ["that can be sent again", { replayable: true }, true],
  ["one-shot, begun", { replayable: false }, false],
] as const;
const url = "http://origin.test/";

/** The codes of failures that pass, one by one, so that a new code is decided about here. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ERR_QUEUE_FULL",
  "ERR_NETWORK",
  "ERR_DNS_NOT_FOUND",
  "ERR_DNS_FAILED",
  "ERR_CONNECT_REFUSED",
  "ERR_CONNECT_UNREACHABLE",
  "ERR_CONNECT_RESET",
  "ERR_CONNECT_FAILED",
  "ERR_PROXY",
  "ERR_DISCONNECTED",
  "ERR_DISCONNECTED_IDLE",
  "ERR_TIMEOUT_ATTEMPT",
  "ERR_TIMEOUT_QUEUE",
  "ERR_TIMEOUT_CONNECT",
  "ERR_TIMEOUT_WRITE",
  "ERR_TIMEOUT_RESPONSE",
  "ERR_TIMEOUT_READ",
  "ERR_CONTENT_TRUNCATED",
]);

describe.each(codes)("retryable of %s", (code) => {
  it.each(contents)("with content %s", (_, content, sendable) => {
    for (const method of methods) {
      for (const requestSent of ["no", "maybe", "yes"] as const) {
        const error = attribute(httpError(code, { requestSent }), {
          method,
          url,
          ...(content === undefined ? {} : { content }),
        });
        const expected =
          passing.has(code) && sendable && (requestSent === "no" || idempotent.has(method));
        expect(error.retryable, `${method}, sent: ${requestSent}`).toBe(expected);
        expect(error.toJSON()["retryable"]).toBe(expected);
      }
    }
  });

  it("without a request goes by what the code says of sending", () => {
    expect(httpError(code).retryable).toBe(passing.has(code) && errorCodes[code][2] === "no");
  });
});

describe("retryable of an error that has its request already", () => {
  const lost = () =>
    httpError("ERR_DISCONNECTED", { request: { method: "PUT", url: `${url}?token=a` } });

  it("is settled when the content becomes known", () => {
    const error = lost();
    expect(error.retryable).toBe(true);
    attribute(error, { method: "PUT", url: `${url}?token=a`, content: { replayable: true } });
    expect(error.retryable).toBe(true);
    attribute(error, { method: "PUT", url: `${url}?token=a`, content: { replayable: false } });
    expect(error.retryable).toBe(false);
  });

  it("never becomes true again", () => {
    const error = attribute(lost(), { method: "PUT", url, content: { replayable: false } });
    attribute(error, { method: "PUT", url, content: { replayable: true } });
    expect(error.retryable).toBe(false);
  });

  it("stays what it is for content that was not begun when it failed", () => {
    const content = { replayable: true };
    const request = { method: "PUT", url, content };
    const error = attribute(httpError("ERR_CONNECT_REFUSED"), request);
    content.replayable = false;
    expect(error.retryable).toBe(true);
  });

  // What was redirected was answered, so the call as a whole repeats its first request.
  it.each([
    ["POST", "GET", false],
    ["POST", "POST", false],
    ["PUT", "GET", true],
    ["GET", "GET", true],
  ])("of a hop: %s that led to %s", (first, then, expected) => {
    const error = attribute(httpError("ERR_CONNECT_REFUSED"), { method: then, url: `${url}next` });
    expect(error.retryable).toBe(true);
    attribute(error, { method: first, url });
    expect(error.retryable).toBe(expected);
    expect(error.request).toEqual({ method: then, url: `${url}next` });
  });

  it("of a POST that never left goes by the request, whatever its URL holds", () => {
    const request = { method: "POST", url: `http://user:pass@origin.test/?token=a#b` };
    const error = attribute(httpError("ERR_CONNECT_REFUSED"), request);
    expect(attribute(error, request).retryable).toBe(true);
  });
});

describe("retryable of a call of a session", () => {
  const kinds: Readonly<Record<string, () => BodyInput | BodyFactory>> = {
    text: () => "crate",
    stream: () => new Blob(["crate"]).stream(),
    iterable: () => new Blob(["crate"]).stream()[Symbol.asyncIterator](),
    function: () => () => new Blob(["crate"]).stream(),
  };

  it.each([
    ["text", "is begun", "PUT", true],
    ["stream", "is begun", "PUT", false],
    ["iterable", "is begun", "PUT", false],
    ["function", "is begun", "PUT", true],
    ["stream", "is not begun", "PUT", true],
    ["iterable", "is not begun", "PUT", true],
    ["stream", "is not begun", "POST", false],
  ])("whose content, given as %s, %s: %s", async (kind, state, method, expected) => {
    const { session, transport } = sessionOf({}, { retry: false });
    transport.send = async ({ body }) => {
      if (state === "is begun" && body) await bodyPieces(body)[Symbol.asyncIterator]().next();
      throw httpError("ERR_DISCONNECTED");
    };
    const error = await failure(session.request(method, "item", { body: kinds[kind]?.() }));
    expect(error).toMatchObject({ code: "ERR_DISCONNECTED", requestSent: "maybe" });
    expect([error.retryable, error.toJSON()["retryable"]]).toEqual([expected, expected]);
  });
});
