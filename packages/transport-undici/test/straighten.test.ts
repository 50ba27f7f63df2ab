/* White space around field values, which undici's parser takes for part of some. */

import { Session } from "@anyhttp/core";
import { undiciTransport } from "@anyhttp/transport-undici";
import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { straighten } from "../src/straighten.ts";

const straightened = (text: string): [string, number] => {
  const bytes = Buffer.from(text, "latin1");
  const whole = straighten(bytes, 0);
  return [bytes.toString("latin1"), whole];
};

describe("straighten", () => {
  it.each([
    ["a: 1\r\n", "a: 1\r\n", 6],
    ["a:1 \t\r\n\r\n", "a:  1\r\n\r\n", -1],
    ["a: b c \r\nd: 1", "a:  b c\r\nd: 1", 9],
    ["a: \t\r\nb:\r\n", "a: \t\r\nb:\r\n", 10],
    ["a b \r\n", "a b \r\n", 6],
    ["a:1 \r", "a:1 \r", 0],
    ["a:voil\xc3\xa0 \r\n", "a: voil\xc3\xa0\r\n", 11],
    ["\r\na:1 \r\n", "\r\na:1 \r\n", -1],
  ])("%j", (text, expected, whole) => {
    expect(straightened(text)).toEqual([expected, whole]);
  });
});

/** Sends one response, an octet at a time or whole, and keeps the connection. */
async function urlOf(text: string, octets: boolean): Promise<string> {
  const answer = async (socket: Socket): Promise<void> => {
    for (const piece of octets ? text : [text]) {
      socket.write(piece, "latin1");
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => void answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

describe("a response", () => {
  it.each([
    ["content-length", "\t5 \t ", "hello"],
    ["transfer-encoding", " chunked \t", "5\r\nhello\r\n0\r\n\r\n"],
  ])("has its %s read without what stands around it", async (name, value, content) => {
    const text = `HTTP/1.1 200 OK\r\nx-a: b \r\n${name}:${value}\r\nx-c:\t\r\n\r\n${content}`;
    for (const octets of [false, true]) {
      await using session = new Session({ transport: undiciTransport() });
      const response = await session.get(await urlOf(text, octets));
      expect([...response.headers]).toEqual([
        ["x-a", "b"],
        [name, value.trim()],
        ["x-c", ""],
      ]);
      expect(await response.text()).toBe("hello");
    }
  });
});
