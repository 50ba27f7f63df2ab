/*
 * Bytes that came while the event loop was busy have not been seen yet. If the next request went out on a kept
 * connection before they are, they would be taken for its response. So a connection that has been idle for a while is
 * looked at first: that takes one turn of the loop.
 */

/** Beyond so many milliseconds something may have come; below them nobody has kept the loop busy. */
const briefly = 1;

/** Whether a connection that is idle since then has to be looked at before it is used. */
export function isUnseen(idleSince: number): boolean {
  return performance.now() - idleSince > briefly;
}

/** Calls back when whatever had come for any socket has been handed out. */
export function afterPoll(then: () => void): void {
  // The first is called before the loop polls again, if it is polling now.
  setImmediate(() => setImmediate(then));
}
