/*
 * Splits the cases of a subject into jobs. Those that judge durations go apart from the bulk, so that they can run in a
 * process that the others do not hold up; they mostly wait, so that many such processes fit beside one another.
 */

import type { Case } from "../case/case.ts";

/** Cases that run in one process. */
export interface Share {
  readonly cases: readonly string[];
  /** Whether durations are judged in it: the bulk has to give way to it. */
  readonly exclusive: boolean;
  /** Whether each of them runs by itself. */
  readonly alone?: boolean;
}

/** The bulk in one share, the exclusive cases in shares of at most so many, dealt out in turn. */
export function split(cases: readonly Case[], most = 110): Share[] {
  const ids = (exclusive: boolean): string[] =>
    cases.filter((of) => (of.exclusive === true) === exclusive).map(({ id }) => id);
  const bulk = ids(false);
  const alone = ids(true);
  const shares: Share[] = bulk.length > 0 ? [{ cases: bulk, exclusive: false }] : [];
  const count = Math.ceil(alone.length / most);
  for (let at = 0; at < count; at++) {
    shares.push({ cases: alone.filter((_id, index) => index % count === at), exclusive: true });
  }
  return shares;
}
