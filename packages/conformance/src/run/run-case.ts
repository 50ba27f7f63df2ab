/* Runs one case on one subject: sets up, performs, closes, collects both witnesses, and has them judged. */

import { Session, type SessionOptions, toFetch, type Transport } from "@anyhttp/core";
import type { Case } from "../case/case.ts";
import type { CallOptions, Observation } from "../case/perform.ts";
import type { CellRecord } from "../report/record.ts";
import { attempt } from "./attempt.ts";
import { inTime } from "./in-time.ts";
import { judge } from "./judge.ts";
import { OriginRun } from "./origin-client.ts";
import { type OriginControl, OriginError } from "./origin-control.ts";
import type { Outcome } from "./outcome.ts";
import { normaliser } from "./placeholders.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Subject, TransportOptions } from "./subject.ts";
import { watch } from "./watch.ts";

/** What a case runs against. */
export interface CaseContext {
  readonly subject: Subject;
  readonly control: OriginControl;
  /** What each transport of the subject gets. */
  readonly options: TransportOptions;
  /** Multiplies deadlines. */
  readonly patience?: number;
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
    const options = merge(context.options, of.transport ?? {});
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
      fetch: context.subject.fetch ?? toFetch,
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

/** What a case says of connections is left out where the runtime's are all there are: a factory must refuse it then. */
function merge(base: TransportOptions, { tls, ...more }: CallOptions): TransportOptions {
  if (!base.tls) return base;
  return { ...base, ...more, tls: { ...base.tls, ...(tls as object | undefined) } };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `the case threw ${String(error)}`;
  return `${error.name}: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ""}`;
}
