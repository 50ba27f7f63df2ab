/* Waiting with an end: the only timers of the runner, cleared as soon as they are not needed. */

/** What {@link inTime} gives when the time was over first. */
export const late: unique symbol = Symbol("late");

/** Waits for a promise for so many milliseconds. */
export async function inTime<T>(ms: number, promise: Promise<T>): Promise<T | typeof late> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}
