/* What must hold after everything: the next request is served, the session closes, and nothing is left open. */

import { expect } from "vitest";
import { afterPath } from "../../../src/run/aftermath.ts";
import { inTime } from "../../../src/run/in-time.ts";
import type { Client } from "./clients.ts";
import type { LocalOrigin } from "./local-origin.ts";

/** Makes the next plain request, closes the session, and looks at what is left. */
export async function leaveWell(client: Client, origin: LocalOrigin): Promise<void> {
  const { session, capabilities } = client;
  const owned = capabilities.tls === "configurable";
  await origin.quiet();
  expect(await served(client, origin, owned ? 0 : 2)).toBe("served");
  expect(session.stats).toMatchObject({ active: 0, queued: 0 });
  expect(await inTime(5000, session.close())).toBeUndefined();
  // Where connections are the runtime's, so is their end.
  if (owned) expect(await origin.closed(5000)).toBe(true);
  await origin.close();
}

async function served(client: Client, origin: LocalOrigin, retries: number): Promise<unknown> {
  const text = client.session.get(origin.base + afterPath, { timeout: 5000 }).text();
  // A pool of the runtime's own may use a connection in the moment before it hears of its end.
  return text.catch((error: unknown) =>
    retries > 0 ? served(client, origin, retries - 1) : error,
  );
}
