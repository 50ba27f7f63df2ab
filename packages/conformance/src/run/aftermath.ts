/*
 * What must hold after every case, whatever it was about: the transport serves the next plain request, on a session of
 * one connection.
 */

import type { Session, Transport } from "@anyhttp/core";
import type { Case } from "../case/case.ts";
import type { Ledger } from "../case/ledger.ts";
import { inTime, late } from "./in-time.ts";

/** Path of that request below the base of the run. The origin answers it by itself, whatever the script says. */
export const afterPath = "after-the-case";

const closed = new WeakSet<Transport>();

/** Notes that a transport has been closed: nothing is asked of it any more. */
export function noteClosed(transport: Transport): void {
  closed.add(transport);
}

/** Asks for the next plain request; says what is wrong, if anything. */
export async function askAfter(
  of: Case,
  base: string | undefined,
  transport: Transport,
  open: (options: object) => Session,
  retries: number,
): Promise<string[]> {
  const { main } = of.doors;
  // Only behind a door that serves, and as long as the case has not closed the transport itself.
  const serves =
    (main?.kind === "plain" || (main?.kind === "tls" && main.certificate === "good")) &&
    !main.greeting;
  const foreign = of.transport?.["tls"] !== undefined;
  if (!serves || foreign || base === undefined || closed.has(transport)) return [];
  const session = open({ transport, baseUrl: base, limits: { concurrency: 1, perOrigin: 1 } });
  const ask = async (left: number): Promise<string> => {
    try {
      const text = session.get(afterPath).text();
      const got = await inTime(3000, text);
      if (got === late) return "it did not settle";
      return got === "served" ? "" : `it got ${JSON.stringify(got.slice(0, 60))}`;
    } catch (error) {
      // A pool of the runtime's own may use a connection in the moment before it hears of its end.
      return left > 0 ? ask(left - 1) : String(error);
    }
  };
  const wrong = await ask(retries);
  return wrong === "" ? [] : [`the next request on the same transport failed: ${wrong}`];
}

/**
 * The ledger of the case itself: without the request that came after it, and what it did to connections. `before` has
 * them as they were then; `null` if it does not matter how each of them ended.
 */
export function withoutAfter(ledger: Ledger, before: Ledger["connections"] | null): Ledger {
  const after = ledger.arrivals.filter(({ path }) => path === afterPath);
  const connections = ledger.connections.flatMap((connection, index) => {
    const { number } = connection;
    const own = connection.requests - after.filter((one) => one.connection === number).length;
    const opened = before ? index >= before.length : own === 0;
    if (opened && own < connection.requests) return [];
    if (!before) return { ...connection, requests: own };
    const then = before.find((one) => one.number === number);
    // How connections ended is judged before the session closes them.
    return {
      ...connection,
      closed: then?.closed ?? null,
      requests: then?.requests ?? connection.requests,
    };
  });
  return {
    ...ledger,
    arrivals: ledger.arrivals.filter(({ path }) => path !== afterPath),
    connections,
  };
}
