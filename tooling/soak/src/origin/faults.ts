/* What the origin does when it misbehaves: resets and ends in every phase, stalls, broken framing, dead keep-alive. */

import type { Socket } from "node:net";
import { answer, small, zipped } from "./answers.ts";
import type { Behaviour } from "./connection.ts";

const halfHead = "HTTP/1.1 200 OK\r\ncontent-type: text/pl";
const halfContent = `HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${"h".repeat(500)}`;
const halfChunks = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\n${"h".repeat(100)}\r\n`;
const cutGzip = answer(zipped.subarray(0, zipped.byteLength >> 1), ["content-encoding: gzip"]);
const noGzip = answer("this is not gzip at all, not by a long way", ["content-encoding: gzip"]);

/** Tears the connection down. Node leaves a socket whose end has been sent open for good when it is to reset it. */
function tear(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Says something first, if anything, and lets it reach the other side before the connection is torn down. */
function reset(socket: Socket, before = ""): void {
  if (before === "") tear(socket);
  else socket.write(before, () => setTimeout(() => tear(socket), 2));
}

/** Deals with a request as soon as its head has come, its content unread. */
function atHead(act: (socket: Socket) => void): Behaviour {
  return {
    head({ socket }) {
      act(socket);
      return true;
    },
  };
}

function afterwards(act: (socket: Socket) => void): Behaviour {
  return { whole: ({ socket }) => act(socket) };
}

export const faults: Readonly<Record<string, Behaviour>> = {
  "reset-early": atHead((socket) => reset(socket)),
  "reset-silent": afterwards((socket) => reset(socket)),
  "reset-head": afterwards((socket) => reset(socket, halfHead)),
  "reset-content": afterwards((socket) => reset(socket, halfContent)),
  "reset-chunks": afterwards((socket) => reset(socket, halfChunks)),
  "end-early": atHead((socket) => socket.end()),
  "end-silent": afterwards((socket) => socket.end()),
  "end-head": afterwards((socket) => socket.end(halfHead)),
  "end-content": afterwards((socket) => socket.end(halfContent)),
  "end-chunks": afterwards((socket) => socket.end(halfChunks)),
  silent: afterwards(() => undefined),
  deaf: atHead((socket) => {
    socket.pause();
    // Who does not read does not see that the other side has gone either.
    setTimeout(() => socket.resume(), 400);
  }),
  "stall-head": afterwards((socket) => socket.write(halfHead)),
  "stall-content": afterwards((socket) => socket.write(halfContent)),
  "gzip-cut": afterwards((socket) => socket.write(cutGzip)),
  "gzip-none": afterwards((socket) => socket.write(noGzip)),
  garbage: afterwards((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")),
  "bad-chunk": afterwards((socket) => socket.write(`${halfChunks}zz\r\n`)),
  upgrade: afterwards((socket) => {
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: other\r\nconnection: upgrade\r\n\r\n",
    );
  }),
  refuse: atHead((socket) => {
    socket.end("HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  }),
  "stale-end": afterwards((socket) => {
    socket.write(small);
    setTimeout(() => socket.end(), 1 + Math.random() * 4);
  }),
  "stale-reset": afterwards((socket) => {
    socket.write(small);
    setTimeout(() => tear(socket), 1 + Math.random() * 4);
  }),
};
