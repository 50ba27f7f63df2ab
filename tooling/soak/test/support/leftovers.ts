/*
 * Makes calls that succeed, fail and are aborted, closes the session, and prints what is there afterwards that was not
 * before: what keeps the process alive, and timers, which may not.
 */

import { Session } from "@anyhttp/core";
import { createHook } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Doors } from "../../src/origin/main.ts";
import { makeTransport, type TransportName } from "../../src/transports.ts";

const [name = "", count = "", doors = ""] = process.argv.slice(2);
const { main, closed } = JSON.parse(doors) as Doors;
const timers = new Set<number>();
createHook({
  init: (id, type) => void (type === "Timeout" && timers.add(id)),
  destroy: (id) => void timers.delete(id),
}).enable();
// Pipes that are opened when they are first looked at, which libraries do.
void [process.stdout, process.stderr];
const before = process.getActiveResourcesInfo();

const session = new Session({ transport: await makeTransport(name as TransportName) });
let left = Number(count);
const worker = async (): Promise<void> => {
  while (left-- > 0) await session.get(`${main}/small`).json();
};
await Promise.all(Array.from({ length: 50 }, worker));
await Promise.allSettled([
  session.get(`${main}/reset-silent`),
  session.get(`${main}/end-content`).bytes(),
  session.get(`${main}/status/500`),
  session.get(closed),
  session.get(`${main}/slow/60000`, { signal: AbortSignal.timeout(20) }),
  session.get(`${main}/slow/60000`, { timeout: 20 }),
  session.get(`${main}/large/1024`, { timeout: 100 }),
  session.get(`${main}/slow/60000`, {
    timeout: { attempt: 20 },
    retry: { attempts: 2, backoff: 20 },
  }),
  session.put(`${main}/deaf`, { body: new Uint8Array(16_000_000), timeout: { write: 50 } }),
  session.get(`${main}/status/503`, {
    retry: { attempts: 2, backoff: () => 60_000 },
    timeout: 70_000,
    signal: AbortSignal.timeout(50),
  }),
]);
// Until the deaf end of the origin hears as well.
await sleep(500);
await session.close();
await sleep(50);
globalThis.gc?.();
await sleep(50);
// That a timer is gone, this wait's own as well, is told in a later turn.
for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
const after = process.getActiveResourcesInfo();
for (const kind of before) {
  const place = after.indexOf(kind);
  if (place >= 0) after.splice(place, 1);
}
console.log(JSON.stringify({ resources: after, timers: timers.size }));
