import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../src/auth/digest-answer.ts";
import { md5 } from "../src/auth/md5.ts";
import { holds } from "./support/generated.ts";

const digits = "0123456789";
const letters = "abcdefghijklmnopqrstuvwxyz";

describe("MD5", () => {
  // RFC 1321 §A.5
  it.each([
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    [letters, "c3fcd3d76192e4007dfb496cca67e13b"],
    [`${letters.toUpperCase()}${letters}${digits}`, "d174ab98d277d9f5a5611c2c9f419d9f"],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ])("of %j is that of RFC 1321", (text, digest) => {
    expect(hex(md5(new TextEncoder().encode(text)))).toBe(digest);
  });

  it("of any bytes is that of a library, around the ends of blocks above all", async () => {
    const agrees = (bytes: Uint8Array): void => {
      expect(hex(md5(bytes))).toBe(createHash("md5").update(bytes).digest("hex"));
    };
    for (let length = 0; length < 200; length++) agrees(new Uint8Array(length).fill(length));
    await holds(100, fc.property(fc.uint8Array({ maxLength: 500 }), agrees));
    agrees(new Uint8Array(1_000_003).fill(0xff));
  });
});
