// What can be said on the command line.
import { UsageError } from "../../../packages/conformance/src/cli/usage-error.ts";

export const usage = `Usage: pnpm conformance [options]

Runs the conformance suite on what is built: on this Node, or, with --runtime, in any runtime.

  --runtime NAME|all      node-22, node-24, node-26, bun, deno, workerd, chromium, firefox, webkit. Repeatable.
                          Without it: this Node.
  --transport NAME        undici, axios, node-fetch, fetch; with --runtime also undici-7, axios-fetch, axios-xhr,
                          node-fetch-2; without it also the file of a module. Repeatable. Default: all that there are.
  --case GLOB             Only these cases: session/redirect, "transport/*/*-truncated". Repeatable.
  --json FILE             Write the outcomes as JSON.
  --html FILE             Write a page with everything.
  --jobs N                How many processes work at once; those that mostly wait come on top.
                          Default: as many as there are processors.
  --verbose               Show every case.
  --list                  List the cases and end.
  --help                  This text.

With --runtime:

  --write                 Write the outcomes to conformance-results/, beside those of what was not run.
  --check                 Fail if they differ from what is there.
  --no-install            Do not look whether the runtimes are installed.

Exit status: 0 all is well, 1 something failed or differs, 2 the command cannot be carried out.
`;

/** The entry of a table that somebody asked for by name. */
export function known<T>(what: string, name: string, table: Readonly<Record<string, T>>): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined)
    throw new UsageError(
      `There is no ${what} ${name}. There are ${Object.keys(table).join(", ")}.`,
    );
  return found;
}
