/* Makes calls of all kinds, so many at once, and books what comes of each. */

import { isHttpError } from "@anyhttp/core";
import { Random } from "../random.ts";
import { callerKinds } from "./caller-kinds.ts";
import { faultKinds } from "./fault-kinds.ts";
import type { Kind, Scene } from "./kind.ts";
import { plainKinds } from "./plain-kinds.ts";

/** A call whose outcome is not one of its kind. */
export interface Unexpected {
  readonly kind: string;
  readonly outcome: string;
  readonly detail: string;
  readonly worker: number;
  /** Which call of the worker: with the seed, it can be found again. */
  readonly turn: number;
}

const allKinds: readonly Kind[] = [...plainKinds, ...callerKinds, ...faultKinds];
/** Unexpected outcomes that are kept in full; beyond it they are only counted. */
const mostKept = 20;

export class Drive {
  calls = 0;
  unexpected = 0;
  readonly outcomes: Record<string, number> = {};
  readonly examples: Unexpected[] = [];
  /** Calls under way, with their kind. */
  readonly #flying = new Map<symbol, string>();
  readonly #kinds: readonly Kind[];
  #over = false;

  /** @param decoded Whether the platform decodes content out of the transport's sight. */
  constructor(decoded: boolean) {
    this.#kinds = allKinds.map((kind) => ({
      ...kind,
      outcomes: [...kind.outcomes, ...((decoded && kind.outcomesWhereDecoded) || [])],
    }));
  }

  get inFlight(): number {
    return this.#flying.size;
  }

  /** Kinds of the calls under way. */
  get pending(): readonly string[] {
    return [...this.#flying.values()];
  }

  /** Lets every worker finish the call that it is at, and start none. */
  stop(): void {
    this.#over = true;
  }

  /** Resolves when stopped and all calls have settled. */
  async run(scene: Omit<Scene, "random">, concurrency: number, seed: number): Promise<void> {
    const workers = Array.from({ length: concurrency }, (_, worker) =>
      this.#work({ ...scene, random: new Random(seed * 65_537 + worker) }, worker),
    );
    await Promise.all(workers);
  }

  /** Books something that went wrong outside any call. */
  note(kind: string, error: unknown): void {
    this.#book({ name: kind, outcomes: [] }, named(error), error, -1, -1);
  }

  async #work(scene: Scene, worker: number): Promise<void> {
    for (let turn = 0; !this.#over; turn++) {
      const kind = scene.random.weighted(this.#kinds);
      const id = Symbol(kind.name);
      this.#flying.set(id, kind.name);
      let failure: unknown;
      try {
        await kind.run(scene);
      } catch (error) {
        failure = error;
      }
      this.#flying.delete(id);
      this.calls++;
      this.#book(kind, failure === undefined ? "ok" : named(failure), failure, worker, turn);
    }
  }

  #book(
    kind: Pick<Kind, "name" | "outcomes">,
    outcome: string,
    failure: unknown,
    worker: number,
    turn: number,
  ): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    if (kind.outcomes.includes(outcome)) return;
    this.unexpected++;
    if (this.examples.length >= mostKept) return;
    const detail = failure instanceof Error ? described(failure) : String(failure);
    this.examples.push({ kind: kind.name, outcome, detail, worker, turn });
  }
}

function named(failure: unknown): string {
  if (isHttpError(failure)) return failure.code;
  return failure instanceof Error ? failure.name : typeof failure;
}

function described(failure: Error): string {
  const cause = failure.cause instanceof Error ? ` ← ${failure.cause.message}` : "";
  return `${failure.message}${cause}`;
}
