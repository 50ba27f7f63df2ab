/*
 * The judge: compares both witnesses with what a case expects. It knows nothing of transports and runs nothing; what it
 * returns is a list of failures in words, empty if the case has passed.
 */

import type {
  ArrivalExpectation,
  CallExpectation,
  ErrorExpectation,
  Expectation,
} from "../case/expectation.ts";
import type { Arrival, Ledger } from "../case/ledger.ts";
import { isMatcher } from "../case/matchers.ts";
import type { Observation, ObservedError } from "../case/perform.ts";
import type { Script } from "../case/script.ts";
import { compare, compareFields, compareRecord, show } from "./compare.ts";

/** All that is known of one run of one case. */
export interface Evidence {
  readonly observations: readonly Observation[];
  readonly ledger: Ledger;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Judges a run. `script` is the one that was played. */
export function judge(expect: Expectation, script: Script, evidence: Evidence): string[] {
  const { calls, arrivals, connections, facts, ...only } = expect;
  const { observations, ledger } = evidence;
  const wanted = calls ?? (observations.length > 0 || Object.keys(only).length > 0 ? [only] : []);
  const failures: string[] = [];
  if (wanted.length !== observations.length) {
    failures.push(`calls: expected ${wanted.length}, got ${observations.length}`);
  }
  observations.forEach((seen, index) => {
    const prefix = observations.length > 1 ? `call ${index + 1}: ` : "";
    failures.push(...judgeCall(prefix, wanted[index] ?? {}, seen));
  });
  failures.push(...judgeArrivals(arrivals, script, ledger));
  failures.push(...judgeConnections(connections, ledger));
  for (const [name, value] of Object.entries(facts ?? {})) {
    failures.push(...compareOne(name, value, evidence.facts[name]));
  }
  return failures;
}

function compareOne(what: string, expected: unknown, seen: unknown): string[] {
  const failure = compare(what, expected, seen);
  return failure === null ? [] : [failure];
}

function judgeCall(prefix: string, expect: CallExpectation, seen: Observation): string[] {
  const { error, headers, fieldLines, after, ...rest } = expect;
  const failures: string[] = [];
  if (error) failures.push(...judgeError(prefix, error, seen));
  else if (seen.error) failures.push(`${prefix}expected a response, got ${brief(seen.error)}`);
  // An unexpected error explains all that is missing; the rest would only repeat it.
  if (failures.length > 0) return failures;
  failures.push(...compareRecord(prefix, rest, seen));
  if (headers) failures.push(...compareFields(`${prefix}header `, headers, seen.headers ?? []));
  if (fieldLines) failures.push(...compareOne(`${prefix}field lines`, fieldLines, seen.headers));
  if (after !== undefined && compare("", after, seen.after)) {
    // Without the figure, which differs each time; the report shows it.
    failures.push(
      `${prefix}settled after: expected ${isMatcher(after) ? after.wants : show(after)} ms`,
    );
  }
  return failures;
}

function brief(error: ObservedError): string {
  return `${error.code ?? error.name}: ${error.message}`;
}

function judgeError(
  prefix: string,
  expect: ErrorExpectation,
  { error, status, content }: Observation,
): string[] {
  if (!error) {
    const got = `status ${show(status)} with content ${show(content, 60)}`;
    const code = isMatcher(expect.code) ? expect.code.wants : show(expect.code);
    return [`${prefix}expected an error${expect.code ? ` ${code}` : ""}, got ${got}`];
  }
  if (!error.http) return [`${prefix}expected an HttpError, got ${error.name}: ${error.message}`];
  const { fields, ...rest } = expect;
  const failures = compareRecord(`${prefix}error.`, rest, error);
  if (fields) failures.push(...compareRecord(`${prefix}error.`, fields, error.fields));
  // The message says what happened instead, so that nobody has to look for it.
  return failures.length > 0
    ? [...failures, `${prefix}the error says: ${error.message}`]
    : failures;
}

function judgeArrivals(expect: Expectation["arrivals"], script: Script, ledger: Ledger): string[] {
  const { arrivals } = ledger;
  const failures = arrivals.flatMap((arrival) => soundness(arrival));
  if (Array.isArray(expect)) {
    const inOrder = Array.isArray(script);
    failures.push(...judgeList(expect as readonly ArrivalExpectation[], arrivals, inOrder));
  } else {
    const count = (expect as unknown) ?? scriptedCount(script);
    if (count !== null)
      failures.push(...compareOne("requests that arrived", count, arrivals.length));
  }
  return failures;
}

/** As many as there are answers; unknown if one of them repeats. */
function scriptedCount(script: Script): number | null {
  const answers = Object.values(script).flat();
  return answers.some(({ repeats }) => repeats === true) ? null : answers.length;
}

function soundness(arrival: Arrival): string[] {
  const { method, path, scripted, faults } = arrival;
  const failures = faults.map((fault) => `${method} ${path} is not sound HTTP: ${fault}`);
  if (!scripted) failures.push(`an unexpected request arrived: ${method} ${path}`);
  return failures;
}

function judgeList(
  expect: readonly ArrivalExpectation[],
  arrivals: readonly Arrival[],
  inOrder: boolean,
): string[] {
  const failures: string[] = [];
  if (expect.length !== arrivals.length) {
    const seen = arrivals.map(({ method, path }) => `${method} ${path}`);
    failures.push(
      `requests that arrived: expected ${expect.length}, got ${arrivals.length} ${show(seen)}`,
    );
  }
  const left = [...arrivals];
  expect.forEach((wanted, index) => {
    const fitting = inOrder
      ? 0
      : left.findIndex((arrival) => judgeArrival("", wanted, arrival).length === 0);
    const [arrival] = left.splice(Math.max(fitting, 0), 1);
    if (arrival) failures.push(...judgeArrival(`request ${index + 1}: `, wanted, arrival));
  });
  return failures;
}

function judgeArrival(prefix: string, expect: ArrivalExpectation, arrival: Arrival): string[] {
  const { fields, fieldLines, ...rest } = expect;
  const failures = compareRecord(prefix, rest, arrival);
  if (fields) failures.push(...compareFields(`${prefix}field `, fields, arrival.fields));
  if (fieldLines) failures.push(...compareOne(`${prefix}field lines`, fieldLines, arrival.fields));
  return failures;
}

function judgeConnections(expect: Expectation["connections"], { connections }: Ledger): string[] {
  if (expect === undefined) return [];
  if (!Array.isArray(expect)) {
    const failures = compareOne("connections", expect, connections.length);
    // As below: one that nothing ever came on may have been opened ahead.
    const busy = connections.filter(({ received }) => received > 0).length;
    return failures.length > 0 && compareOne("", expect, busy).length === 0 ? [] : failures;
  }
  // One that was opened ahead and never used is a pool's own business, wherever it comes in the row.
  let spare = connections.length - expect.length;
  const used = connections
    .filter(({ received }) => received > 0 || spare-- <= 0)
    .filter(({ requests }, index) => index < expect.length || requests > 0);
  const failures = compareOne("connections", expect.length, used.length);
  (expect as readonly object[]).forEach((wanted, index) => {
    const connection = used[index];
    if (connection)
      failures.push(...compareRecord(`connection ${index + 1}: `, wanted, connection));
  });
  return failures;
}
