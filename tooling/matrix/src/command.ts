// Reads the command line. Whatever of it makes no sense is refused before anything is installed or run.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { allCases, select } from "@anyhttp/conformance";
import { jobsOf } from "../../../packages/conformance/src/cli/jobs.ts";
import { checkTarget } from "../../../packages/conformance/src/cli/target.ts";
import { UsageError } from "../../../packages/conformance/src/cli/usage-error.ts";
import type { Named } from "./cell-of.ts";
import { runtimes, transports } from "./cells.ts";
import { known } from "./usage.ts";

/** A run in runtimes. */
export interface Matrix {
  readonly cells: readonly Named[];
  readonly cases: ReturnType<typeof select>["cases"];
  readonly jobs: number;
  readonly json: string | undefined;
  readonly html: string | undefined;
  readonly verbose: boolean;
  readonly write: boolean;
  readonly check: boolean;
  readonly install: boolean;
}

/** What to do; `here` has the arguments for the command of the package, which runs on this Node. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "here"; readonly args: readonly string[] }
  | { readonly kind: "matrix"; readonly matrix: Matrix };

/** Reads it; throws a `UsageError` or one of `parseArgs`. */
export function readCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runtime: { type: "string", multiple: true, default: [] },
      transport: { type: "string", multiple: true, default: [] },
      case: { type: "string", multiple: true, default: [] },
      jobs: { type: "string" },
      json: { type: "string" },
      html: { type: "string" },
      verbose: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      "no-install": { type: "boolean", default: false },
    },
  });
  if (values.help) return { kind: "help" };
  if (values.list)
    return { kind: "here", args: ["--list", ...values.case.flatMap((glob) => ["--case", glob])] };
  if (values.runtime.length === 0) {
    for (const name of ["write", "check", "no-install"] as const)
      if (values[name])
        throw new UsageError(`--${name} goes with --runtime NAME or --runtime all.`);
    values.transport.forEach(refuseElsewhere);
    return { kind: "here", args };
  }
  const { cases, unmatched } = select(allCases, values.case);
  if (unmatched.length > 0) {
    const areas = [...new Set(allCases.map(({ area }) => area))].join(", ");
    throw new UsageError(
      `No case fits ${unmatched.join(", ")}. Areas are ${areas}; --list shows all cases.`,
    );
  }
  const { json, html, verbose, write, check } = values;
  const cells = cellsOf(values.runtime, values.transport);
  const install = !values["no-install"];
  const jobs = jobsOf(values.jobs) ?? availableParallelism();
  checkTarget("--json", json);
  checkTarget("--html", html);
  const matrix = { cells, cases, jobs, json, html, verbose, write, check, install };
  return { kind: "matrix", matrix };
}

/** The cells of these runtimes and transports; of all that a runtime carries, if no transport is named. */
export function cellsOf(names: readonly string[], only: readonly string[]): Named[] {
  for (const name of names) if (name !== "all") known("runtime", name, runtimes);
  for (const name of only) known("transport", name, transports);
  // A cell that was asked for twice is one all the same: the results have a place for one.
  const chosen = new Set(
    names.flatMap((name) => (name === "all" ? Object.keys(runtimes) : [name])),
  );
  const cells = [...chosen].flatMap((runtime) =>
    carriedBy(runtime)
      .filter((name) => only.length === 0 || only.includes(name))
      .map((transport): Named => ({ runtime, transport })),
  );
  // Nothing that was named is left out in silence.
  for (const runtime of names) {
    if (runtime !== "all" && !cells.some((cell) => cell.runtime === runtime))
      throw new UsageError(
        `${runtime} does not carry ${only.join(", ")}. It carries ${carriedBy(runtime).join(", ")}.`,
      );
  }
  for (const transport of only) {
    if (cells.some((cell) => cell.transport === transport)) continue;
    const carriers = Object.keys(runtimes).filter((name) => carriedBy(name).includes(transport));
    throw new UsageError(
      `${transport} is carried by none of these runtimes. It is by ${carriers.join(", ")}.`,
    );
  }
  return cells;
}

function carriedBy(runtime: string): readonly string[] {
  return runtimes[runtime]?.transports ?? [];
}

/** The command of the package knows one transport of each package; the others are of this table. */
function refuseElsewhere(name: string): void {
  const transport = Object.hasOwn(transports, name) ? transports[name] : undefined;
  if (!transport || transport.package === `transport-${name}` || existsSync(name)) return;
  const carriers = Object.keys(runtimes).filter((runtime) => carriedBy(runtime).includes(name));
  const runtime = carriers.includes("node-24") ? "node-24" : carriers[0];
  throw new UsageError(
    `${name} is a transport of the matrix. Pass a runtime as well: --runtime ${runtime} --transport ${name}`,
  );
}
