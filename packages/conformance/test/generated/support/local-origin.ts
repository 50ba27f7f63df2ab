/* The suite's origin in this very process, where it is known when all of its answers have been played. */

import { type Answer, plain, type Script, type Step } from "../../../src/case.ts";
import { makeCertificates } from "../../../src/origin/certificates.ts";
import { Run } from "../../../src/origin/run.ts";

const certificates = makeCertificates();
let runs = 0;

/** One run of a script, behind a plain door. */
export class LocalOrigin extends Run {
  #playing = 0;
  #quiet: (() => void) | null = null;

  /** Opens the door. */
  static async start(script: Script): Promise<LocalOrigin> {
    const origin = new LocalOrigin(`generated-${++runs}`, script);
    await origin.open({ main: plain() }, certificates);
    return origin;
  }

  /** The base URL. */
  get base(): string {
    return this.urls()["main"] ?? "";
  }

  override answer(path: string): Answer | null {
    const answer = super.answer(path);
    // Whoever plays the steps only iterates over them.
    return answer && { ...answer, steps: this.#watched(answer.steps) as unknown as Step[] };
  }

  /** Resolves when no answer is being played, save those that stall, and the client has had time to read. */
  async quiet(): Promise<void> {
    if (this.#playing > 0) await new Promise<void>((resolve) => (this.#quiet = resolve));
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Waits until all connections are closed; `false` if that takes longer than `ms`. */
  closed(ms: number): Promise<boolean> {
    return this.recorder.wait("all-closed", 0, ms);
  }

  *#watched(steps: readonly Step[]): Generator<Step, void> {
    let playing = true;
    const over = (): void => {
      if (playing && --this.#playing === 0) this.#quiet?.();
      playing = false;
    };
    this.#playing++;
    try {
      for (const step of steps) {
        if (step.do === "stall") over();
        yield step;
      }
    } finally {
      over();
    }
  }
}
