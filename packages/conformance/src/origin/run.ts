/* One run of one case at the origin: its doors, its script, its gates and its ledger. Nothing is shared between runs. */

import type { Door } from "../case/doors.ts";
import type { Answer, Script } from "../case/script.ts";
import type { Certificates } from "./certificates.ts";
import { type OpenDoor, openDoor } from "./door.ts";
import { Recorder } from "./recorder.ts";

/** What a run is made of: as the control plane gets it. */
export interface RunInit {
  readonly doors: Readonly<Record<string, Door>>;
  readonly script: Script;
  /** Whether a web page asks, from an origin of its own. */
  readonly page?: boolean;
}

/** One run; see {@link startRun}. */
export class Run {
  readonly recorder: Recorder = new Recorder();
  /** Path under which all of it happens: `/run/<id>/`. */
  readonly path: string;
  /** Whether a web page asks. */
  readonly page: boolean;
  readonly #doors = new Map<string, OpenDoor>();
  readonly #script: Script;
  readonly #used = new Map<string, number>();
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();

  constructor(id: string, script: Script, page = false) {
    this.path = `/run/${id}/`;
    this.page = page;
    this.#script = script;
  }

  /** Opens all doors. */
  async open(doors: RunInit["doors"], certificates: Certificates): Promise<void> {
    for (const [name, door] of Object.entries(doors)) {
      this.#doors.set(name, await openDoor(this, name, door, certificates));
    }
  }

  /** Base URLs by door. */
  urls(): Record<string, string> {
    return Object.fromEntries(
      [...this.#doors].map(([name, door]) => [name, `${door.origin}${this.path}`]),
    );
  }

  /** The path of a request target below the base of the run, or the target itself. */
  below(target: string): string {
    return target.startsWith(this.path) ? target.slice(this.path.length) : target;
  }

  /** The next answer for a request, `null` if the script has none. */
  answer(path: string): Answer | null {
    const script = this.#script;
    const key = Array.isArray(script) ? "" : (path.split("?")[0] ?? "");
    const answers = Array.isArray(script)
      ? (script as readonly Answer[])
      : (script as Readonly<Record<string, readonly Answer[]>>)[key];
    const used = this.#used.get(key) ?? 0;
    const answer = answers?.[used];
    if (answer === undefined) return null;
    if (answer.repeats !== true) this.#used.set(key, used + 1);
    return answer;
  }

  /** Fills in placeholders: `{other}` a base URL, `{other.origin}`, `{other.host}`, `{other.port}`, `{other.path}`. */
  fill(text: string): string {
    return text.replaceAll(
      /\{([a-z][a-z0-9-]*)(?:\.(origin|host|port|path))?\}/g,
      (whole, name: string, part?: string) => {
        const door = this.#doors.get(name);
        if (!door) return whole;
        const url = new URL(door.origin);
        switch (part) {
          case "origin":
            return door.origin;
          case "host":
            return url.host;
          case "port":
            return url.port;
          case "path":
            return this.path;
          case undefined:
          default:
            return `${door.origin}${this.path}`;
        }
      },
    );
  }

  /** Waits at a gate. */
  atGate(name: string): Promise<void> {
    return this.#gate(name).promise;
  }

  /** Opens a gate, now and for later. */
  openGate(name: string): void {
    this.#gate(name).resolve();
  }

  /** Reads on where a script had stopped reading, so that an end of the connection is noticed. */
  drain(): void {
    for (const door of this.#doors.values()) door.drain();
  }

  /** Closes all doors and whatever is still connected. */
  async close(): Promise<void> {
    await Promise.all([...this.#doors.values()].map((door) => door.close()));
  }

  #gate(name: string): PromiseWithResolvers<void> {
    let gate = this.#gates.get(name);
    if (!gate) this.#gates.set(name, (gate = Promise.withResolvers<void>()));
    return gate;
  }
}

/** Opens the doors of a run. */
export async function startRun(
  id: string,
  init: RunInit,
  certificates: Certificates,
): Promise<Run> {
  const run = new Run(id, init.script, init.page);
  await run.open(init.doors, certificates);
  return run;
}
