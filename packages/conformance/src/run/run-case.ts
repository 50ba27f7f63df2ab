/* Runs one case on one subject: sets up, performs, closes, collects both witnesses, and has them judged. */

import { isHttpError, Session, type SessionOptions, type Transport } from "@anyhttp/core";
import { type Case, refusal } from "../case/case.ts";
import type { Expectation } from "../case/expectation.ts";
import type { Ledger } from "../case/ledger.ts";
import { isMatcher } from "../case/matchers.ts";
import type { CallOptions, Observation, Perform } from "../case/perform.ts";
import type { Script } from "../case/script.ts";
import type { CellRecord } from "../report/record.ts";
import { inTime, late } from "./in-time.ts";
import { judge } from "./judge.ts";
import { CaseFailure, CaseKit } from "./kit.ts";
import { describeError } from "./observe.ts";
import { OriginError, OriginRun } from "./origin-client.ts";
import type { Outcome } from "./outcome.ts";
import { fillAll, normaliser } from "./placeholders.ts";
import { ownsConnections, type Subject, type TransportOptions } from "./subject.ts";
import { watch } from "./watch.ts";

/** What a case runs against. */
export interface CaseContext {
  readonly subject: Subject;
  /** URL of the origin's control plane. */
  readonly control: string;
  /** What each transport of the subject gets. */
  readonly options: TransportOptions;
  /** Multiplies deadlines. */
  readonly patience?: number;
}

/** What is played and judged: the case itself, or its `otherwise`. */
interface Plan {
  readonly judged: "expect" | "otherwise";
  readonly script: Script;
  readonly perform: Perform;
  readonly expect: Expectation;
}

/** Runs a case. Never rejects: whatever goes wrong is an outcome. */
export async function runCase(of: Case, context: CaseContext): Promise<CellRecord> {
  const began = performance.now();
  const cell = (outcome: Outcome, more: Partial<CellRecord> = {}): CellRecord => {
    const duration = performance.now() - began;
    const empty = {
      judged: "none",
      failures: [],
      observations: [],
      ledger: null,
      known: null,
    } as const;
    return { outcome, ...empty, duration, ...more };
  };
  let transport: Transport;
  const breaches = new Set<string>();
  const create = (): Transport => {
    const options = merge(context.options, (of.transport ?? {}) as CallOptions);
    return watch(context.subject.create(options), (what) => breaches.add(`contract: ${what}`));
  };
  try {
    transport = create();
  } catch (error) {
    return cell("setup-error", { failures: [`the transport's factory threw: ${String(error)}`] });
  }
  const plan = planOf(of, transport);
  if (plan === null) {
    const capability = of.otherwise?.kind === "not-applicable" ? of.otherwise.capability : "";
    await transport.close();
    return cell("not-applicable", {
      failures: [
        `the transport declares ${capability}: ${String(transport.capabilities[capability as never])}`,
      ],
    });
  }
  let run: OriginRun | null = null;
  try {
    run = await OriginRun.start(context.control, of, plan.script);
    const wrap = context.subject.session ?? ((make) => make());
    const evidence = await attempt(of, plan, {
      run,
      transport,
      create,
      open: (options) => wrap(() => new Session(options as SessionOptions)),
      patience: context.patience ?? 1,
    });
    const failures = [
      ...evidence.failures,
      ...judge(plan.expect, plan.script, evidence),
      ...breaches,
    ];
    return cell(failures.length === 0 ? "pass" : "fail", {
      judged: plan.judged,
      failures: probed(of, plan, failures),
      observations: evidence.observations.map(withoutError),
      ledger: evidence.ledger,
    });
  } catch (error) {
    const setup = error instanceof OriginError && run === null;
    return cell(setup ? "setup-error" : "harness-error", {
      judged: plan.judged,
      failures: [run ? normaliser(run.urls)(describe(error)) : describe(error)],
    });
  } finally {
    await run?.end().catch(() => undefined);
    await inTime(
      1000,
      transport.close().catch(() => undefined),
    );
  }
}

/** `null` where the case says that nothing can be judged. */
function planOf(of: Case, { capabilities }: Transport): Plan | null {
  const met = Object.entries(of.requires ?? {}).every(
    ([key, value]) => capabilities[key as never] === value,
  );
  const { origin: script, perform, expect, otherwise } = of;
  if (met || !otherwise) return { judged: "expect", script, perform, expect };
  switch (otherwise.kind) {
    case "refuses":
      return { judged: "otherwise", script, perform, expect: refusal(otherwise) };
    case "expects":
      return {
        judged: "otherwise",
        script: otherwise.origin ?? script,
        perform: otherwise.perform ?? perform,
        expect: otherwise.expect,
      };
    case "not-applicable":
      return null;
  }
}

type OpenSession = (options: object) => Session;

interface Attempt {
  readonly run: OriginRun;
  readonly transport: Transport;
  readonly create: () => Transport;
  readonly open: OpenSession;
  readonly patience: number;
}

interface Collected {
  readonly observations: readonly Observation[];
  readonly ledger: Ledger;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly failures: readonly string[];
}

async function attempt(
  of: Case,
  plan: Plan,
  { run, transport, create, open, patience }: Attempt,
): Promise<Collected> {
  const normalise = normaliser(run.urls);
  const made = typeof of.session === "function" ? of.session() : (of.session ?? {});
  const options = fillAll(made, run.urls) as CallOptions;
  const session = makeSession(open, { transport, baseUrl: run.urls["main"], ...options });
  // Options that are wrong are refused by the constructor; that too is something that the caller sees.
  if (!(session instanceof Session)) {
    return { observations: normalise([session]), ledger: await run.end(), facts: {}, failures: [] };
  }
  const pending = new Set<string>();
  const kit = new CaseKit({
    run,
    transport,
    session,
    createTransport: create,
    openSession: open,
    patience: 5000 * patience,
    pending(what) {
      pending.add(what);
      return () => pending.delete(what);
    },
  });
  const failures: string[] = [];
  const fail = (error: unknown): readonly Observation[] => {
    // What a call of the case's function rejects with, unforeseen by it, is the subject's as well.
    if (isHttpError(error)) failures.push(`a call failed with ${error.message}`);
    else if (error instanceof CaseFailure) failures.push(error.message);
    else throw error;
    return [];
  };
  const deadline = (of.deadline ?? 10_000) * patience;
  const seen = await inTime(deadline, kit.perform(plan.perform).catch(fail));
  if (seen === late)
    failures.push(
      `${[...pending].join(" and ") || "the case"} has not settled within ${deadline} ms`,
    );
  await closuresDue(plan.expect, run);
  const before = await run.ledger();
  const sessions = [session, ...kit.sessions];
  failures.push(...(await closeAll(sessions, seen === late, run, ownsConnections(transport))));
  const after = await run.end();
  // How connections ended is judged before the session closes them; everything else when all is over.
  const connections = after.connections.map((connection, index) => {
    return { ...connection, closed: before.connections[index]?.closed ?? null };
  });
  return {
    observations: normalise(seen === late ? [] : seen),
    ledger: normalise({ ...after, connections }),
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

async function closeAll(
  sessions: readonly Session[],
  force: boolean,
  run: OriginRun,
  owned: boolean,
): Promise<string[]> {
  const closing = Promise.all(sessions.map((session) => session.close({ force })));
  try {
    if ((await inTime(5000, closing)) === late)
      return ["session.close() has not settled within 5000 ms"];
  } catch (error) {
    return [`session.close() rejected: ${String(error)}`];
  }
  if (!owned || (await run.wait("all-closed", 0, 2000))) return [];
  return ["a connection was left open after session.close()"];
}

/** A failed probe says in which direction the declaration is wrong. */
function probed(of: Case, plan: Plan, failures: readonly string[]): readonly string[] {
  if (!of.probes || failures.length === 0) return failures;
  const direction = plan.judged === "expect" ? "overstated" : "understated";
  return [`the capability ${of.probes} is ${direction}: ${failures[0]}`, ...failures.slice(1)];
}

function withoutError({ error, ...rest }: Observation): CellRecord["observations"][number] {
  if (!error) return rest;
  const { error: _itself, ...data } = error;
  return { ...rest, error: data };
}

function merge(base: TransportOptions, more: CallOptions): TransportOptions {
  const tls = { ...base.tls, ...(more["tls"] as object | undefined) };
  return { ...base, ...more, ...(Object.keys(tls).length > 0 ? { tls } : {}) };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `the case threw ${String(error)}`;
  return `${error.name}: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ""}`;
}
