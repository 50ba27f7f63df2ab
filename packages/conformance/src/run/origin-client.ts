/* One run at the origin, driven over its control plane. */

import type { Case } from "../case/case.ts";
import type { Ledger } from "../case/ledger.ts";
import type { Script } from "../case/script.ts";
import type { OriginControl } from "./origin-control.ts";

/** What a case can wait for; see `origin/recorder.ts`. */
export type Milestone = "arrived" | "completed" | "connected" | "closed-by-client";

/** One run at the origin. */
export class OriginRun {
  readonly urls: Readonly<Record<string, string>>;
  /** Names of fields that responses have beside those of the script, because a web page asks. */
  readonly added: readonly string[];
  readonly #control: OriginControl;
  readonly #path: string;
  #final: Promise<Ledger> | null = null;

  private constructor(
    control: OriginControl,
    path: string,
    { urls, added }: Pick<OriginRun, "urls" | "added">,
  ) {
    this.#control = control;
    this.#path = path;
    this.urls = urls;
    this.added = added;
  }

  /** Opens the doors of a case, with its script or that of its `otherwise`. */
  static async start(control: OriginControl, of: Case, script: Script): Promise<OriginRun> {
    const path = `/runs/${crypto.randomUUID()}`;
    const opened = await control.ask("POST", path, { doors: of.doors, script });
    return new OriginRun(control, path, opened as Pick<OriginRun, "urls" | "added">);
  }

  /** Waits for a milestone; `false` when the time is over first. */
  async wait(milestone: Milestone, count: number, ms: number): Promise<boolean> {
    const query = `for=${milestone}&count=${count}&ms=${ms}`;
    const { reached } = (await this.#get(`/wait?${query}`)) as { reached: boolean };
    return reached;
  }

  /** Opens a gate. */
  async open(gate: string): Promise<void> {
    await this.#control.ask("POST", `${this.#path}/gates/${encodeURIComponent(gate)}`);
  }

  /** What has been seen so far; after the end, what was seen. */
  ledger(): Promise<Ledger> {
    return this.#final ?? (this.#get("") as Promise<Ledger>);
  }

  /** Its connections so far. */
  connections(): Promise<Ledger["connections"]> {
    return this.#get("/connections") as Promise<Ledger["connections"]>;
  }

  /** Closes the doors, once all connections are closed or `ms` are over; resolves to the whole ledger. */
  end(ms = 0): Promise<Ledger> {
    return (this.#final ??= this.#control.ask(
      "POST",
      `${this.#path}/end?ms=${ms}`,
    ) as Promise<Ledger>);
  }

  #get(what: string): Promise<unknown> {
    return this.#control.ask("GET", `${this.#path}${what}`);
  }
}
