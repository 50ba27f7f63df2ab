/* Makes one call of a kind, says how it ended, and closes nothing: the process has to end all the same. */

import { isHttpError, Session } from "@anyhttp/core";
import type { Doors } from "../../src/origin/main.ts";
import { makeTransport, type TransportName } from "../../src/transports.ts";

const [name = "", kind = "", doors = ""] = process.argv.slice(2);
const { main, closed } = JSON.parse(doors) as Doors;
const session = new Session({ transport: await makeTransport(name as TransportName) });

const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  ok: () => session.get(`${main}/small`).json(),
  failed: () => session.get(`${main}/reset-silent`),
  refused: () => session.get(closed),
  aborted: () => session.get(`${main}/slow/60000`, { signal: AbortSignal.timeout(100) }),
  "timed out": () => session.get(`${main}/slow/60000`, { timeout: 100 }),
  "timed out in an attempt": () => session.get(`${main}/slow/60000`, { timeout: { attempt: 100 } }),
  "timed out while writing": () =>
    session.put(`${main}/deaf`, { body: pieces(), timeout: { write: 200 } }),
  // Nothing but its own wait keeps the process alive.
  "tried again after a while": () =>
    session.get(`${main}/status/503`, { retry: { attempts: 2, backoff: () => 1000 } }),
  "aborted while it waits": () =>
    session.get(`${main}/status/503`, {
      retry: { attempts: 2, backoff: () => 30_000 },
      signal: AbortSignal.timeout(100),
    }),
  unread: () => session.get(`${main}/small`),
  "unread, long": () => session.get(`${main}/large/1024`),
  "half read": async () => {
    for await (const _ of await session.get(`${main}/large/1024`)) break;
  },
};

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) yield await Promise.resolve(new Uint8Array(65_536));
}

try {
  await kinds[kind]?.();
  console.log("ok");
} catch (error) {
  console.log(isHttpError(error) ? error.code : error);
}
