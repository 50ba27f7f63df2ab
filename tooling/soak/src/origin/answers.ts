/* What the origin writes when it behaves. Answers are prepared where they can be, so that the client is what is busy. */

import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { Behaviour } from "./connection.ts";

const json = JSON.stringify({ id: 7, name: "crate", tags: ["a", "b", "c"] });
const block = Buffer.alloc(65_536, "anyhttp ");
export const zipped = gzipSync(Buffer.alloc(200_000, "the same again, "));

/** A head and content of known length. */
export function answer(content: string | Buffer, fields: readonly string[] = []): Buffer {
  const bytes = Buffer.from(content);
  const head = ["HTTP/1.1 200 OK", ...fields, `content-length: ${bytes.byteLength}`, "", ""];
  return Buffer.concat([Buffer.from(head.join("\r\n")), bytes]);
}

export const small = answer(json, ["content-type: application/json"]);
const closing = answer(json, ["content-type: application/json", "connection: close"]);
const gzip = answer(zipped, ["content-encoding: gzip"]);

/** Writes as fast as the other side takes it. */
function flood(socket: Socket, left: number): void {
  while (left > 0 && !socket.destroyed) {
    const piece = left < block.byteLength ? block.subarray(0, left) : block;
    left -= piece.byteLength;
    if (!socket.write(piece)) {
      socket.once("drain", () => flood(socket, left));
      return;
    }
  }
}

/** Writes pieces a few milliseconds apart. */
function trickle(socket: Socket, pieces: readonly (string | Buffer)[], gap: number): void {
  let place = 0;
  const timer = setInterval(() => {
    const piece = pieces[place++];
    if (piece === undefined || socket.destroyed) clearInterval(timer);
    else socket.write(piece);
  }, gap);
}

function status(code: number): string {
  const content = code === 204 || code === 304 ? "" : `status ${code}`;
  const length = code === 204 ? "" : `content-length: ${content.length}\r\n`;
  return `HTTP/1.1 ${code} Whatever\r\n${length}\r\n${content}`;
}

function location(code: number, to: string): string {
  return `HTTP/1.1 ${code} Elsewhere\r\nlocation: ${to}\r\ncontent-length: 5\r\n\r\nthere`;
}

export const answers: Readonly<Record<string, Behaviour>> = {
  small: { whole: ({ socket }) => socket.write(small) },
  head: { whole: ({ socket }) => socket.write(small.subarray(0, small.indexOf("{"))) },
  echo: {
    whole: ({ socket, method, received }) => {
      socket.write(answer(JSON.stringify({ method, received })));
    },
  },
  large: {
    whole: ({ socket, detail }) => {
      const length = Number(detail) * 1024;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);
      flood(socket, length);
    },
  },
  chunked: {
    whole: ({ socket }) => {
      const chunk = `400\r\n${"c".repeat(1024)}\r\n`;
      socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`);
      setImmediate(() => socket.write(`${chunk.repeat(7)}0\r\nx-sum: 1\r\n\r\n`));
    },
  },
  trickle: {
    whole: ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n");
      trickle(socket, Array<string>(5).fill("0123456789"), 4);
    },
  },
  slow: {
    whole: ({ socket, detail }) => {
      setTimeout(() => socket.destroyed || socket.write(small), Number(detail));
    },
  },
  gzip: { whole: ({ socket }) => socket.write(gzip) },
  interim: {
    whole: ({ socket }) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n");
      socket.write(small);
    },
  },
  closing: { whole: ({ socket }) => socket.end(closing) },
  "till-close": { whole: ({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${json}`) },
  "large-till-close": {
    whole: ({ socket, detail }) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.end(Buffer.alloc(Number(detail) * 1024, "t"));
    },
  },
  status: { whole: ({ socket, detail }) => socket.write(status(Number(detail))) },
  redirect: {
    whole: ({ socket, detail }) => {
      const left = Number(detail);
      socket.write(location(302, left > 1 ? `/redirect/${left - 1}` : "/small"));
    },
  },
  "see-other": { whole: ({ socket }) => socket.write(location(303, "/small")) },
  again: { whole: ({ socket }) => socket.write(location(307, "/echo")) },
  nowhere: { whole: ({ socket }) => socket.write(location(302, "http://[")) },
};
