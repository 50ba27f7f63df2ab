// One stop of the tour: something a user of anyhttp does, shown, and boiled down to a value that can be compared.
import { HttpError, type Session, StatusError } from "@anyhttp/core";
import type { HttpbinClient } from "@anyhttp/demo-library";
import type { Origin } from "../origin/origin.ts";
import type { Screen } from "../screen/screen.ts";

/** What a station works with. */
export interface Visit {
  /** The session of this transport; base URL: the origin, over HTTP. */
  readonly session: Session;
  /** The library, on that session. */
  readonly client: HttpbinClient;
  readonly origin: Origin;
  /** How this transport came to trust the origin's certificate. */
  readonly trust: string;
  readonly screen: Screen;
  /** How many requests the burst makes. */
  readonly burst: number;
  /** How many requests may be under way at once. */
  readonly concurrency: number;
  /** How many bytes the large download has. */
  readonly download: number;
}

/** What came of a station. */
export interface Finding {
  /** The result in a few words, for the table. */
  readonly says: string;
  /** What a reader sees. */
  readonly lines: readonly string[];
  /** What must be the same on every transport: JSON data, without times, ports and the like. */
  readonly value: unknown;
  readonly tone?: "fact" | "error";
}

/** A stop of the tour. */
export interface Station {
  readonly name: string;
  run(visit: Visit): Promise<Finding>;
}

/** The finding of a call that must fail with an error of a given code. Throws if it does not. */
export async function failing(code: string, call: () => Promise<unknown>): Promise<Finding> {
  const error = await call().then(
    () => new Error(`the call succeeded; it should have failed with ${code}`),
    (caught: unknown) => (caught instanceof Error ? caught : new Error(String(caught))),
  );
  if (!(error instanceof HttpError)) throw error;
  if (error.code !== code) throw new Error(`expected ${code}, got: ${error.message}`);
  return {
    says: error.code,
    lines: [error.message],
    value: {
      name: error.name,
      code: error.code,
      phase: error.phase,
      ...(error instanceof StatusError ? { status: error.status } : {}),
    },
    tone: "error",
  };
}
