/* One attempt at a case: performs it, closes what it opened, and collects both witnesses. */

import { isHttpError, Session, type Transport } from "@anyhttp/core";
import type { Case } from "../case/case.ts";
import type { Expectation } from "../case/expectation.ts";
import type { Ledger } from "../case/ledger.ts";
import { isMatcher } from "../case/matchers.ts";
import type { CallOptions, Observation } from "../case/perform.ts";
import { askAfter, withoutAfter } from "./aftermath.ts";
import { inTime, late } from "./in-time.ts";
import { CaseFailure, CaseKit } from "./kit.ts";
import { describeError } from "./observe.ts";
import type { OriginRun } from "./origin-client.ts";
import { fillAll, normaliser } from "./placeholders.ts";
import type { Plan } from "./plan.ts";
import { disclosures, plant } from "./planted.ts";
import { ownsConnections } from "./subject.ts";

/** Opens a session. */
type OpenSession = (options: object) => Session;

/** What an attempt works with. */
export interface Attempt {
  readonly run: OriginRun;
  readonly transport: Transport;
  readonly create: () => Transport;
  readonly open: OpenSession;
  /** Makes a fetch of a session. */
  readonly fetch: (session: Session) => typeof fetch;
  readonly patience: number;
}

/** Both witnesses, and what went wrong beside what they say. */
export interface Collected {
  readonly observations: readonly Observation[];
  readonly ledger: Ledger;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}

/** Performs a plan and closes everything. Rejects if the suite itself goes wrong. */
export async function attempt(
  of: Case,
  plan: Plan,
  { run, transport, create, open, fetch, patience }: Attempt,
): Promise<Collected> {
  const normalise = normaliser(run.urls);
  const made = typeof of.session === "function" ? of.session() : (of.session ?? {});
  const options = plant(of, fillAll(made, run.urls) as CallOptions, transport.capabilities);
  const session = makeSession(open, { transport, baseUrl: run.urls["main"], ...options });
  // Options that are wrong are refused by the constructor; that too is something that the caller sees.
  if (!(session instanceof Session)) {
    return { observations: normalise([session]), ledger: await run.end(), facts: {}, failures: [] };
  }
  const pending = new Set<string>();
  const refused = Promise.withResolvers<readonly Observation[]>();
  const kit = new CaseKit({
    run,
    transport,
    session,
    createTransport: create,
    openSession: open,
    makeFetch: fetch,
    patience: 5000 * patience,
    observed(one) {
      if (plan.refused !== true || one.error?.name !== "UnsupportedError") return;
      refused.resolve([one]);
      // What comes next in the flow is not to be sent any more.
      return new Promise<never>(() => undefined);
    },
    pending(what) {
      pending.add(what);
      return () => pending.delete(what);
    },
  });
  const failures: string[] = [];
  let over = false;
  const fail = (error: unknown): readonly Observation[] => {
    if (over) return [];
    // What a call of the case's function rejects with, unforeseen by it, is the subject's as well.
    if (isHttpError(error)) failures.push(`a call failed with ${error.message}`);
    else if (error instanceof CaseFailure) failures.push(error.message);
    else throw error;
    return [];
  };
  const deadline = (of.deadline ?? 10_000) * patience;
  const seen = await inTime(
    deadline,
    Promise.race([refused.promise, kit.perform(plan.perform).catch(fail)]),
  );
  over = true;
  if (seen === late)
    failures.push(
      `${[...pending].join(" and ") || "the case"} has not settled within ${deadline} ms`,
    );
  await closuresDue(plan.expect, run);
  // Where connections are not judged, nobody wants to know what the last request did to them.
  const before = plan.expect.connections === undefined ? null : await run.connections();
  const sessions = [session, ...kit.sessions];
  if (seen !== late) {
    failures.push(...disclosures(seen));
    const last = (next: object): Session => {
      const opened = open(next);
      sessions.push(opened);
      return opened;
    };
    const retries = ownsConnections(transport) ? 0 : 2;
    failures.push(...(await askAfter(of, run.urls["main"], transport, last, retries)));
  }
  const wrong = await closeAll(sessions, seen === late);
  const due = wrong === null && ownsConnections(transport);
  const after = await run.end(due ? 2000 : 0);
  if (wrong !== null) failures.push(wrong);
  else if (due && after.connections.some(({ closed }) => closed === null))
    failures.push("a connection was left open after session.close()");
  return {
    observations: normalise(seen === late ? [] : seen.map((one) => without(run.added, one))),
    ledger: normalise(withoutAfter(after, before)),
    facts: normalise(kit.facts),
    failures: normalise(failures),
  };
}

function makeSession(open: OpenSession, options: object): Session | Observation {
  try {
    return open(options);
  } catch (error) {
    return { method: "", error: describeError(error), after: 0 };
  }
}

/** Where the end of connections is judged, gives them a moment to be seen by the origin. */
async function closuresDue({ connections }: Expectation, run: OriginRun): Promise<void> {
  if (!Array.isArray(connections)) return;
  const due = (connections as readonly { closed?: unknown }[]).filter(({ closed }) => {
    if (isMatcher(closed)) return !closed.matches(null);
    return typeof closed === "string" && closed.startsWith("client");
  });
  if (due.length > 0) await run.wait("closed-by-client", due.length, 1000);
}

async function closeAll(sessions: readonly Session[], force: boolean): Promise<string | null> {
  const closing = Promise.all(sessions.map((session) => session.close({ force })));
  try {
    if ((await inTime(5000, closing)) === late)
      return "session.close() has not settled within 5000 ms";
  } catch (error) {
    return `session.close() rejected: ${String(error)}`;
  }
  return null;
}

/** What a case does not say of a response, and would not be there without the suite. */
function without(added: readonly string[], { headers, ...seen }: Observation): Observation {
  if (!headers) return seen;
  return { ...seen, headers: headers.filter(([name]) => !added.includes(name)) };
}
