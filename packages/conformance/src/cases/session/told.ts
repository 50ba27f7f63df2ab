/* What the listeners of `session/progress` were told, and whether it fits together. */

import type { Progress } from "@anyhttp/core";

/** A listener that remembers. */
export class Told {
  readonly all: Progress[] = [];
  readonly #at: number[] = [];

  readonly listener = (progress: Progress): void => {
    this.all.push(progress);
    this.#at.push(performance.now());
  };

  /** Whether it was told no more often than every 100 ms, the first and the last time not counted. */
  get seldom(): boolean {
    const passed = (this.#at.at(-1) ?? 0) - (this.#at[0] ?? 0);
    return this.all.length - 2 <= passed / 100;
  }
}

/** `"yes"`, or what is wrong: it goes on and never back, and its members agree. */
export function fits(all: readonly Progress[]): string {
  let before: Progress | null = null;
  for (const now of all) {
    const { transferred, total, ratio, bytesPerSecond, eta, decoded, attempt } = now;
    if (
      before?.attempt === attempt &&
      (transferred < before.transferred || decoded < before.decoded)
    )
      return `back from ${before.transferred} to ${transferred}`;
    if ((total === undefined) !== (ratio === undefined)) return "a ratio without a total";
    if (ratio !== undefined && !(ratio >= 0 && ratio <= 1)) return `a ratio of ${ratio}`;
    if (!(bytesPerSecond >= 0 && bytesPerSecond < Infinity)) return `a speed of ${bytesPerSecond}`;
    if (eta !== undefined && !(eta >= 0 && eta < Infinity)) return `${eta} ms left`;
    before = now;
  }
  return all.length >= 2 ? "yes" : `told ${all.length} times`;
}

/** What was told first and last, as far as it does not depend on time. */
export function endsOf(all: readonly Progress[]): Readonly<Record<string, unknown>> {
  const plain = (progress: Progress | undefined): unknown =>
    progress && JSON.parse(JSON.stringify(progress));
  const { bytesPerSecond: _, eta, ...last } = (plain(all.at(-1)) ?? {}) as Progress;
  return { first: plain(all[0]), last: eta === 0 ? { ...last, eta } : last, sound: fits(all) };
}

/** Whether 20 000 bytes at 20 000 a second were told of in the right measure, once the speed is known. */
export function isMeasured(all: readonly Progress[]): boolean {
  const { bytesPerSecond: speed = 0, eta = -1 } = all.at(-2) ?? {};
  return speed > 8_000 && speed < 60_000 && eta >= 0 && eta < 2_000;
}
