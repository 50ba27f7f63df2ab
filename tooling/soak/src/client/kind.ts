/* A kind of call: what it asks for, and all that may come of it. */

import type { HttpResponse, Session } from "@anyhttp/core";
import type { Doors } from "../origin/main.ts";
import type { Random } from "../random.ts";

/** What a call is made with. */
export interface Scene {
  readonly session: Session;
  readonly doors: Doors;
  readonly random: Random;
  /** A signal that lives as long as the run and never fires: what listens to it must go. */
  readonly lasting: AbortSignal;
}

export interface Kind {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  /** `ok`, or codes of errors; anything else is a failure of the soak. */
  readonly outcomes: readonly string[];
  /** Further ones where the platform decodes content out of the transport's sight. */
  readonly outcomesWhereDecoded?: readonly string[];
  /** Makes one call; throws what it throws, and a `Mismatch` for content that is not what was sent. */
  run(scene: Scene): Promise<unknown>;
}

/** The call succeeded with something else than the origin had sent. */
class Mismatch extends Error {
  override readonly name = "Mismatch";
}

export const ok: readonly string[] = ["ok"];

export function same(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected)
    throw new Mismatch(`${what} is ${String(actual)} instead of ${String(expected)}`);
}

/** Reads content piece by piece and counts it. */
export async function counted(response: HttpResponse): Promise<number> {
  let length = 0;
  for await (const piece of response) length += piece.byteLength;
  return length;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
