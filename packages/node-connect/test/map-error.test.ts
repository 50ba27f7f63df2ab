import { httpError } from "@anyhttp/core";
import { describe, expect, it } from "vitest";
import { mapNodeError, type Situation } from "../src/index.ts";

const failed = (code: string): Error =>
  Object.assign(new Error("text that nobody reads"), { code });
const connecting: Situation = { stage: "connecting" };
const head: Situation = { stage: "head" };
const content: Situation = { stage: "content" };

const table: readonly (readonly [
  code: string,
  situation: Situation,
  expected: string,
  requestSent: string,
])[] = [
  ["ENOTFOUND", connecting, "ERR_DNS_NOT_FOUND", "no"],
  ["EAI_AGAIN", connecting, "ERR_DNS_FAILED", "no"],
  ["ECONNREFUSED", connecting, "ERR_CONNECT_REFUSED", "no"],
  ["EHOSTUNREACH", connecting, "ERR_CONNECT_UNREACHABLE", "no"],
  ["ENETUNREACH", connecting, "ERR_CONNECT_UNREACHABLE", "no"],
  ["ETIMEDOUT", connecting, "ERR_CONNECT_UNREACHABLE", "no"],
  ["ECONNRESET", connecting, "ERR_CONNECT_RESET", "no"],
  ["EADDRNOTAVAIL", connecting, "ERR_CONNECT_FAILED", "no"],
  ["constructor", connecting, "ERR_CONNECT_FAILED", "no"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", connecting, "ERR_TLS_HOSTNAME", "no"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", connecting, "ERR_TLS_UNTRUSTED", "no"],
  ["SELF_SIGNED_CERT_IN_CHAIN", connecting, "ERR_TLS_UNTRUSTED", "no"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", connecting, "ERR_TLS_UNTRUSTED", "no"],
  ["CERT_HAS_EXPIRED", connecting, "ERR_TLS_EXPIRED", "no"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", connecting, "ERR_TLS_HANDSHAKE", "no"],
  ["EPROTO", connecting, "ERR_TLS_HANDSHAKE", "no"],
  ["ECONNRESET", head, "ERR_DISCONNECTED", "maybe"],
  ["EPIPE", head, "ERR_DISCONNECTED", "maybe"],
  ["ECONNRESET", { stage: "head", reused: true }, "ERR_DISCONNECTED_IDLE", "maybe"],
  ["ECONNRESET", { stage: "head", reused: true, received: true }, "ERR_DISCONNECTED", "yes"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", head, "ERR_TLS_HANDSHAKE", "maybe"],
  ["HPE_INVALID_CONSTANT", head, "ERR_PROTOCOL_HEAD", "yes"],
  ["HPE_HEADER_OVERFLOW", head, "ERR_PROTOCOL_HEAD_TOO_LARGE", "yes"],
  ["ECONNRESET", content, "ERR_CONTENT_TRUNCATED", "yes"],
  ["HPE_INVALID_EOF_STATE", content, "ERR_CONTENT_TRUNCATED", "yes"],
  ["HPE_INVALID_CHUNK_SIZE", content, "ERR_PROTOCOL_FRAMING", "yes"],
  ["", content, "ERR_CONTENT_TRUNCATED", "yes"],
];

describe("Node's errors as errors of the tree", () => {
  it.each(table)("%s in %j is %s, request sent: %s", (code, situation, expected, requestSent) => {
    const cause = failed(code);
    expect(mapNodeError(cause, situation)).toMatchObject({ code: expected, requestSent, cause });
  });

  it("finds a refusal among the addresses that were tried", () => {
    const all = new AggregateError([failed("ENETUNREACH"), failed("ECONNREFUSED")]);
    expect(mapNodeError(all, connecting).code).toBe("ERR_CONNECT_REFUSED");
    expect(mapNodeError(new AggregateError([failed("ENETUNREACH")]), connecting).code).toBe(
      "ERR_CONNECT_UNREACHABLE",
    );
  });

  it("leaves errors of the tree as they are, and survives what is no error", () => {
    const own = httpError("ERR_PROTOCOL_UPGRADE");
    expect(mapNodeError(own, head)).toBe(own);
    expect(mapNodeError("thrown text", connecting).code).toBe("ERR_CONNECT_FAILED");
    expect(mapNodeError(undefined, content).code).toBe("ERR_CONTENT_TRUNCATED");
  });
});
