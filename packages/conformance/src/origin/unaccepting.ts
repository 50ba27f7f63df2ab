/*
 * A port on which connecting takes for ever: a listener in a thread that is blocked, with its backlog full. The kernel
 * then leaves further attempts unanswered. One port serves all runs, because nothing ever arrives there.
 */

import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

const listener = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

const fillers: Socket[] = [];
let made: Promise<number> | null = null;

/** The port; made at first use. Rejects where the platform answers connections beyond the backlog. */
export function unacceptingPort(): Promise<number> {
  return (made ??= make());
}

async function make(): Promise<number> {
  const worker = new Worker(listener, { eval: true });
  worker.unref();
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  // The backlog takes a few; the attempt that is not answered shows that it is full.
  for (let i = 0; i < 16; i++) if (!(await answered(port))) return port;
  throw new Error("this platform answers connections that nobody accepts");
}

function answered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => undefined);
    socket.unref();
    fillers.push(socket);
    const timer = setTimeout(() => resolve(false), 250);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
