/* One process of a run: `node worker.js ORDER TRANSPORT`. Its origin's authority is in the environment, if it needs that. */

import { work } from "../jobs/work.ts";
import { loadSubjects } from "./subjects.ts";

const [order = "", wish = ""] = process.argv.slice(2);
const [found] = await loadSubjects([wish]);
if (!found) throw new Error(`there is no transport ${wish}`);
const parent = process.ppid;
try {
  await work(order, (options) => found.subject.create(options));
} catch (error) {
  // Who has lost its parent has nobody to report to, and nobody to tell that.
  if (process.ppid === parent) throw error;
}
// What the subject may have left open keeps no process: that it did is in the report.
process.exit();
