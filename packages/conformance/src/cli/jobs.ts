/* How many processes work at once. */

import { UsageError } from "./usage-error.ts";

/** What somebody has said of it; `undefined` if nobody has. */
export function jobsOf(said: string | undefined): number | undefined {
  if (said === undefined) return undefined;
  const jobs = Number(said);
  if (Number.isInteger(jobs) && jobs > 0) return jobs;
  throw new UsageError(`--jobs ${said} is no number of processes. Pass 1 or more.`);
}
