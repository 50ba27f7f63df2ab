/* The column “this browser”: outcomes as they come in. */

import type { CellRecord, SuiteRecord } from "@anyhttp/conformance/runner";
import { type Column, noOutcome, outcomeLetters } from "../data.ts";
import type { Model } from "../model.ts";
import { outcomeNames } from "../outcomes.ts";

/** Title of the column's runtime. */
export const thisBrowser = "This browser";

/** Outcomes of a live run. */
export class LiveColumn {
  readonly #model: Model;
  readonly #letters: string[];
  readonly #messages: Record<string, string> = {};

  constructor(model: Model) {
    this.#model = model;
    this.#letters = model.data.cases.map(() => noOutcome);
  }

  /** Notes the outcome of a case. */
  note(id: string, { outcome, failures, known }: CellRecord): void {
    const index = this.#model.indexOf(id);
    if (index < 0) return;
    this.#letters[index] = outcomeLetters[outcomeNames.indexOf(outcome)] ?? noOutcome;
    const message = outcome === "known-failure" ? known?.reason : failures[0];
    // It may have been judged before.
    delete this.#messages[String(index)];
    if (message !== undefined) this.#messages[String(index)] = message;
  }

  /** The column as far as it is; with the record of the run, whole. */
  column(record: SuiteRecord | null): Column {
    const run = record?.runs[0];
    return {
      key: "fetch@this-browser",
      transport: "fetch",
      version: null,
      library: null,
      runtime: thisBrowser,
      runtimeVersion: run ? `${run.runtime.name} ${run.runtime.version}` : "",
      capabilities: run ? { ...run.capabilities } : {},
      problems: run?.problems ?? [],
      revision: record?.suite.revision ?? this.#model.data.revision,
      outcomes: this.#letters.join(""),
      messages: { ...this.#messages },
    };
  }
}
