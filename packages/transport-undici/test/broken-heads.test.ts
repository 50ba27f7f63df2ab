/* Heads that are no HTTP, and break off as well: what they are says more than that the connection was lost. */

import { Session } from "@anyhttp/core";
import { undiciTransport } from "@anyhttp/transport-undici";
import { describe, expect, it } from "vitest";
import { urlOf } from "./support/raw-answer.ts";

describe("a head is refused, although it breaks off, that", () => {
  it.each([
    ["has a space behind the CR of its last line", "HTTP/1.1 200 OK\r\ncontent-length: 2\r "],
    ["has returns for a version", "HTTP/\r\r1.1 200 OK\r\n"],
    ["has a version with no dot", "HTTP/1 211 OK\r\na: 1\r\n"],
    ["has something in its version", "HTTP/1,0.1 200 OK\r\na: 1\r\n"],
    ["has a status of four digits", "HTTP/1.1 1200 OK\r\na: 1\r\n"],
  ])("%s", async (_what, head) => {
    for (const octets of [false, true]) {
      await using session = new Session({ transport: undiciTransport() });
      await expect(session.get(await urlOf(head, { octets, end: true }))).rejects.toMatchObject({
        code: "ERR_PROTOCOL_HEAD",
      });
    }
  });
});
