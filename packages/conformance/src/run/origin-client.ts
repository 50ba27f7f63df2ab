/* Drives the origin's control plane from any runtime, by the platform's own fetch. */

import type { Case } from "../case/case.ts";
import type { Ledger } from "../case/ledger.ts";
import type { Script } from "../case/script.ts";

/** The origin could not do what was asked: neither the subject's fault nor the case's. */
export class OriginError extends Error {
  override readonly name: string = "OriginError";
}

/** What a case can wait for; see `origin/recorder.ts`. */
export type Milestone = "arrived" | "completed" | "connected" | "closed-by-client";

/** One run at the origin. */
export class OriginRun {
  readonly urls: Readonly<Record<string, string>>;
  /** Names of fields that responses have beside those of the script, because a web page asks. */
  readonly added: readonly string[];
  readonly #url: string;
  #final: Promise<Ledger> | null = null;

  private constructor(url: string, { urls, added }: Pick<OriginRun, "urls" | "added">) {
    this.#url = url;
    this.urls = urls;
    this.added = added;
  }

  /** Opens the doors of a case, with its script or that of its `otherwise`. */
  static async start(control: string, of: Case, script: Script): Promise<OriginRun> {
    const url = `${control}/runs/${crypto.randomUUID()}`;
    const body = JSON.stringify({ doors: of.doors, script });
    const opened = (await ask(url, { method: "POST", body })) as Pick<OriginRun, "urls" | "added">;
    return new OriginRun(url, opened);
  }

  /** Waits for a milestone; `false` when the time is over first. */
  async wait(milestone: Milestone, count: number, ms: number): Promise<boolean> {
    const query = `for=${milestone}&count=${count}&ms=${ms}`;
    const { reached } = (await ask(`${this.#url}/wait?${query}`)) as { reached: boolean };
    return reached;
  }

  /** Opens a gate. */
  async open(gate: string): Promise<void> {
    await ask(`${this.#url}/gates/${encodeURIComponent(gate)}`, { method: "POST" });
  }

  /** What has been seen so far; after the end, what was seen. */
  ledger(): Promise<Ledger> {
    return this.#final ?? (ask(this.#url) as Promise<Ledger>);
  }

  /** Its connections so far. */
  connections(): Promise<Ledger["connections"]> {
    return ask(`${this.#url}/connections`) as Promise<Ledger["connections"]>;
  }

  /** Closes the doors, once all connections are closed or `ms` are over; resolves to the whole ledger. */
  end(ms = 0): Promise<Ledger> {
    return (this.#final ??= ask(`${this.#url}/end?ms=${ms}`, {
      method: "POST",
    }) as Promise<Ledger>);
  }
}

async function ask(url: string, init?: { method: string; body?: string }): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw new OriginError("the origin does not answer", { cause: error });
  }
  const text = await response.text();
  const value: unknown = text === "" ? null : JSON.parse(text);
  if (response.ok) return value;
  throw new OriginError(`the origin refused: ${(value as { error: string }).error}`);
}
