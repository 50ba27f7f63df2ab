// The default run: the same library through the same stations, on every transport, and a comparison at the end.
import { Session } from "@anyhttp/core";
import { HttpbinClient } from "@anyhttp/demo-library";
import { count, size } from "../format.ts";
import { startOrigin } from "../origin/origin.ts";
import type { Screen } from "../screen/screen.ts";
import { openTransport, releaseOf, type TransportName, trustOf } from "../transports.ts";
import { compare, type Outcome } from "./compare.ts";
import type { Station, Visit } from "./station.ts";
import { stations } from "./stations.ts";
import { drawTable } from "./table.ts";

/** What to visit, and with how much. */
export interface TourOptions {
  readonly transports: readonly TransportName[];
  /** Requests of the burst. */
  readonly burst: number;
  /** Bytes of the large download. */
  readonly download: number;
}

const concurrency = 50;

/**
 * Makes the tour; resolves with whether every transport did what it should, and all the same.
 * @param open Makes the transports; tests pass broken ones.
 */
export async function tour(
  options: TourOptions,
  screen: Screen,
  open: typeof openTransport = openTransport,
): Promise<boolean> {
  const began = performance.now();
  const origin = await startOrigin();
  try {
    screen.open("anyhttp · one library, any transport", [
      `An origin of its own answers at ${origin.http} and ${origin.https}.`,
      `Each transport: ${stations.length} stations, ${count(options.burst)} requests at once, ${size(options.download)} to download.`,
    ]);
    const outcomes: Outcome[] = [];
    for (const name of options.transports) {
      const transport = await open(name, origin.ca);
      screen.section(name, releaseOf(name));
      await using session = new Session({
        transport,
        baseUrl: origin.http,
        headers: { "user-agent": "anyhttp-demo" },
        limits: { concurrency },
      });
      const client = new HttpbinClient({ session });
      const { burst, download } = options;
      const trust = trustOf(name);
      const visit = { session, client, origin, trust, screen, burst, concurrency, download };
      for (const station of stations) outcomes.push(await stopAt(station, name, visit));
    }
    const rows = compare(outcomes);
    screen.section("Side by side", "is it one behaviour?");
    screen.block(drawTable(rows));
    const odd = rows.filter(({ alike }) => !alike).length;
    const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    if (odd === 0)
      screen.close("good", `All ${rows.length} stations alike on every transport (${seconds})`);
    else screen.close("bad", `${odd} of ${rows.length} stations not alike (${seconds})`);
    return odd === 0;
  } finally {
    await origin.stop();
  }
}

async function stopAt(station: Station, subject: string, visit: Visit): Promise<Outcome> {
  const began = performance.now();
  try {
    const { says, value, lines, tone } = await station.run(visit);
    const ms = performance.now() - began;
    visit.screen.item("good", station.name, lines, tone);
    return { station: station.name, subject, ms, found: { says, value } };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    visit.screen.item("bad", station.name, [failure]);
    return { station: station.name, subject, ms: performance.now() - began, failure };
  }
}
