/*
 * One clock for all deadlines: a single timer over the calls in flight instead of one or more timers per call. Arming
 * and disarming cost an array store; the timer fires when the earliest deadline known at the time is due.
 */

/** Something that ends at a time. A deadline that moves later just changes `at`; one that moves earlier calls `arm`. */
export interface Deadline {
  /** When, in milliseconds of `performance.now()`; `Infinity`: not at present. */
  at: number;
  /** @internal Place in the clock, -1 while disarmed. Only the clock writes it. */
  slot: number;
  /** Called once `at` has passed; the deadline is disarmed by then. */
  expire(now: number): void;
}

/** The longest that timers of all platforms can wait, in milliseconds. */
export const longestWait = 2_147_483_647;
/** Expiries this close together share one look at the list, so that many of them stay cheap. */
const grain = 2;

const deadlines: Deadline[] = [];
let wakeAt = Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Milliseconds on a clock that never jumps. */
export const now = (): number => performance.now();

/** Puts a deadline on the clock, or tells the clock that it has moved. */
export function arm(deadline: Deadline): void {
  if (deadline.slot < 0) deadline.slot = deadlines.push(deadline) - 1;
  if (deadline.at < wakeAt) wake(deadline.at);
}

/** Takes a deadline off the clock. Safe if it is not on it. */
export function disarm(deadline: Deadline): void {
  const { slot } = deadline;
  if (slot < 0) return;
  deadline.slot = -1;
  const last = deadlines.pop();
  if (last && last !== deadline) {
    deadlines[slot] = last;
    last.slot = slot;
  }
}

function wake(at: number): void {
  clearTimeout(timer);
  wakeAt = at;
  timer = setTimeout(look, Math.min(longestWait, Math.max(grain, Math.ceil(at - now()))));
  // A clock never keeps a process alive; what it waits for does. Only Node's timers can be told so.
  (timer as { unref?: () => void }).unref?.();
}

function look(): void {
  const time = now();
  wakeAt = Infinity;
  // What expires may move or end others that are due: they stay on the clock until it is their turn.
  for (const deadline of deadlines.filter(({ at }) => at <= time)) {
    if (deadline.slot < 0 || deadline.at > time) continue;
    disarm(deadline);
    deadline.expire(time);
  }
  let next = Infinity;
  for (const { at } of deadlines) if (at < next) next = at;
  if (next < wakeAt) wake(next);
}
