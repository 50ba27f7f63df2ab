/* Outcomes: a closed set, one for each case and subject. There is none that means "was not run". */

/** What has become of one case on one subject. */
export type Outcome =
  | "pass"
  | "fail"
  /** It failed, and is listed beside the transport with a reason and a link. */
  | "known-failure"
  /** The transport declares that it lacks what the case is about, and nothing can be judged instead. */
  | "not-applicable"
  /** The origin or the transport's factory could not be set up. */
  | "setup-error"
  /** The suite itself went wrong. */
  | "harness-error";

/** All outcomes, best first. */
export const outcomes: readonly Outcome[] = [
  "pass",
  "known-failure",
  "not-applicable",
  "fail",
  "setup-error",
  "harness-error",
];

/** Whether an outcome makes the whole suite fail. */
export function isBad(outcome: Outcome): boolean {
  switch (outcome) {
    case "pass":
    case "known-failure":
    case "not-applicable":
      return false;
    case "fail":
    case "setup-error":
    case "harness-error":
      return true;
    default:
      return outcome satisfies never;
  }
}

/** How many there are of each. */
export type Totals = Readonly<Record<Outcome, number>>;

/** Counts outcomes. */
export function count(all: Iterable<Outcome>): Totals {
  const totals = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<
    Outcome,
    number
  >;
  for (const outcome of all) totals[outcome]++;
  return totals;
}
