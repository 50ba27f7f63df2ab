/* White space around field values, which undici's parser takes for part of some. */

import { Session } from "@anyhttp/core";
import { undiciTransport } from "@anyhttp/transport-undici";
import { describe, expect, it } from "vitest";
import { Straightener } from "../src/straighten.ts";
import { urlOf } from "./support/raw-answer.ts";

/** Hands the text over in slices of so many octets; tells what comes out, and whether more field lines may come. */
function straightened(text: string, size: number): [string, boolean] {
  const fields = new Straightener();
  let got = "";
  for (let at = 0; at < text.length; at += size) {
    const slice = Buffer.from(text.slice(at, at + size), "latin1");
    // As the head is watched: nothing is looked at behind its end.
    if (at > 0 && !fields.inside) got += slice.toString("latin1");
    else got += fields.straighten(slice, 0).toString("latin1");
  }
  return [got, fields.inside];
}

describe("white space behind values is left out", () => {
  it.each([
    ["a: 1\r\n", "a: 1\r\n", true],
    ["a:1 \t\r\n\r\n", "a:1\r\n\r\n", false],
    ["a: b c \t \r\nd: 1 2", "a: b c\r\nd: 1 2", true],
    ["a: \t\r\nb:\r\n", "a:\r\nb:\r\n", true],
    ["a:voil\xc3\xa0 \r\n", "a:voil\xc3\xa0\r\n", true],
    // Behind the head, whatever it looks like.
    ["\r\na:1 \r\n", "\r\na:1 \r\n", false],
    // Not where a line would become an empty one, or where it has no sound end.
    ["a: 1\r\n \r\nb: 2 \r\n", "a: 1\r\n \r\nb: 2\r\n", true],
    ["a \r\nb\t", "a \r\nb\t", true],
    ["a b\nc \n", "a b\nc \n", true],
    ["a: 1\r\n\r\r", "a: 1\r\n\r\r", true],
    // Nor behind a CR without its LF: the parser has to see that, and the connection may end there.
    ["a: 1\r ", "a: 1\r ", true],
  ])("%j", (text, expected, inside) => {
    for (const size of [1, 2, 3, 4, 5, 7, 100])
      expect(straightened(text, size)).toEqual([expected, inside]);
  });

  it("is not held without end", () => {
    const text = `a: 1${" ".repeat(10_000)}`;
    expect(straightened(text, text.length)).toEqual([text, true]);
  });
});

describe("a response", () => {
  it.each([
    ["content-length", "\t5 \t ", "hello"],
    ["transfer-encoding", " chunked \t", "5\r\nhello\r\n0\r\n\r\n"],
  ])("has its %s read without what stands around it", async (name, value, content) => {
    const text = `HTTP/1.1 200 OK\r\nx-a: b \r\n${name}:${value}\r\nx-c:\t\r\n\r\n${content}`;
    for (const octets of [false, true]) {
      await using session = new Session({ transport: undiciTransport() });
      const response = await session.get(await urlOf(text, { octets }));
      expect([...response.headers]).toEqual([
        ["x-a", "b"],
        [name, value.trim()],
        ["x-c", ""],
      ]);
      expect(await response.text()).toBe("hello");
    }
  });
});
