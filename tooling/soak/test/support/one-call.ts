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
  unread: () => session.get(`${main}/small`),
  "unread, long": () => session.get(`${main}/large/1024`),
  "half read": async () => {
    for await (const _ of await session.get(`${main}/large/1024`)) break;
  },
};

try {
  await kinds[kind]?.();
  console.log("ok");
} catch (error) {
  console.log(isHttpError(error) ? error.code : error);
}
