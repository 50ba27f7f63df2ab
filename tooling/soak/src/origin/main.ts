/*
 * The origin in a process of its own. Doors: `main`, `flaky` whose kept-alive connections die (so that they are in
 * nobody else's pool), `slamming` which resets what it accepts, and `closed` where nobody listens.
 */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { answers } from "./answers.ts";
import { type Behaviour, serve } from "./connection.ts";
import { faults } from "./faults.ts";

/** URLs of the doors. */
export interface Doors {
  readonly main: string;
  readonly flaky: string;
  readonly slamming: string;
  readonly closed: string;
}

/** The answer to any message. */
export interface OriginNumbers {
  readonly sockets: number;
  /** The most that were open at once on the main door. */
  readonly peak: number;
  readonly requests: number;
}

const behaviours: Readonly<Record<string, Behaviour>> = { ...answers, ...faults };
const unknown: Behaviour = {
  whole: ({ socket }) => socket.end("HTTP/1.1 501 Unknown\r\ncontent-length: 0\r\n\r\n"),
};
let sockets = 0;
let open = 0;
let peak = 0;
let requests = 0;

function behaviourOf(name: string): Behaviour {
  return behaviours[name] ?? unknown;
}

function counted(socket: Socket): void {
  sockets++;
  socket.on("close", () => sockets--);
  // Faults are this origin's trade; a client that goes away is none.
  socket.on("error", () => undefined);
  socket.setNoDelay(true);
  serve(socket, (name) => {
    requests++;
    return behaviourOf(name);
  });
}

async function door(accept: (socket: Socket) => void): Promise<string> {
  const server = createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return `http://127.0.0.1:${port}`;
}

const main = await door((socket) => {
  peak = Math.max(peak, ++open);
  socket.on("close", () => open--);
  counted(socket);
});
const flaky = await door(counted);
const slamming = await door((socket) => {
  socket.on("error", () => undefined);
  socket.resetAndDestroy();
});
// A port that is taken, by a connection, and that nobody listens on: a free one could become some other server's.
const taken = connect(Number(new URL(await door(() => undefined)).port), "127.0.0.1");
await once(taken, "connect");
const closed = `http://127.0.0.1:${taken.localPort}`;

process.on("message", () => process.send?.({ sockets, peak, requests } satisfies OriginNumbers));
process.on("disconnect", () => process.exit(0));
process.send?.({ main, flaky, slamming, closed } satisfies Doors);
