/*
 * What is done on the connection when content in pieces begins. A request that expects 100 (Continue) undici refuses to
 * send: it writes a head together with the first piece of content. Here the head goes out before, and undici's is left out.
 */

import { bodyLength, type TransportRequest } from "@anyhttp/core";
import { readFirst } from "@anyhttp/node-connect";
import type { Socket } from "node:net";

/** The first piece of content is about to be asked for. */
export function beginUpload(socket: Socket, request: TransportRequest): void {
  readFirst(socket);
  if (request.expectContinue) sendHead(socket, request);
}

/** Writes the head, and sees to it that undici's, which it writes before the first piece of content, is not sent too. */
function sendHead(socket: Socket, request: TransportRequest): void {
  const { method, target, headers, body } = request;
  const length = bodyLength(body);
  const lines: string[] = [];
  let host = target.host;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === "host") host = headers[i + 1] as string;
    else lines.push(`${headers[i]}: ${headers[i + 1]}\r\n`);
  }
  // As undici has it: it gives a connection up that has served a HEAD request.
  const connection = method === "HEAD" ? "close" : "keep-alive";
  const framing = length === null ? "transfer-encoding: chunked" : `content-length: ${length}`;
  socket.write(
    `${method} ${target.path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n` +
      `${lines.join("")}expect: 100-continue\r\n${framing}\r\n\r\n`,
    "latin1",
  );
  const write = socket.write.bind(socket) as (...call: unknown[]) => boolean;
  /** Up to where the first chunk, or the last one, begins, undici's head is a copy of ours. */
  let copied = true;
  socket.write = (data: unknown, ...others: unknown[]) => {
    if (!copied) return write(data, ...others);
    const text = String(data);
    // Content that turned out empty.
    const empty = length === null && text.endsWith("\r\n\r\n");
    const chunk = length === null && text.startsWith("\r\n");
    if (text.endsWith("\r\n\r\n") || chunk) {
      copied = false;
      Reflect.deleteProperty(socket, "write");
    }
    if (empty) return write("0\r\n\r\n");
    return chunk ? write(text.slice(2), "latin1") : true;
  };
}
