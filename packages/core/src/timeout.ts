/* Timeouts: what may be said, the defaults, how a call's are laid over a session's, and the error of one that is reached. */

import type { RequestSent } from "./error-codes.ts";
import { TimeoutError } from "./errors.ts";
import { milliseconds, record, type Rule } from "./options/rules.ts";

/**
 * Limits in milliseconds. `Infinity` or `false` switches one off. Each one that is reached rejects with a
 * `TimeoutError` whose `phase` is its name here.
 */
export interface TimeoutOptions {
  /** The whole call: queue, connect, upload, redirects, retries, and content until it is read or discarded. Default: none. */
  readonly total?: number | false | undefined;
  /** One attempt, from when it joins the queue to the head of its response; content that is read inside counts. Default: none. */
  readonly attempt?: number | false | undefined;
  /** Waiting for a slot in `limits`, or a token of `rateLimit`. Default: none. */
  readonly queue?: number | false | undefined;
  /** A new connection: DNS, TCP, TLS. One from the pool passes at once. Default: 30 000. */
  readonly connect?: number | false | undefined;
  /** A gap in which the peer takes none of the request content; time in which its source yields nothing is not counted. Default: none. */
  readonly write?: number | false | undefined;
  /** From the request fully sent to the head of the response. Default: 300 000. */
  readonly response?: number | false | undefined;
  /** A gap between two pieces of response content; time in which the consumer takes nothing is not counted. Default: 300 000. */
  readonly read?: number | false | undefined;
}

/** A number means `total`. */
export type TimeoutInput = number | false | TimeoutOptions;

/** Every limit in milliseconds, `Infinity` for none. */
export type Timeouts = Readonly<Record<keyof TimeoutOptions, number>>;

/** What holds where nobody says otherwise. These end every silence and never a stream that flows. */
export const defaultTimeouts: Timeouts = {
  total: Infinity,
  attempt: Infinity,
  queue: Infinity,
  connect: 30_000,
  write: Infinity,
  response: 300_000,
  read: 300_000,
};

/** Merges field by field; refuses 0, negative, NaN and unknown names. */
export const timeoutRule: Rule<Timeouts> = record(
  {
    total: milliseconds,
    attempt: milliseconds,
    queue: milliseconds,
    connect: milliseconds,
    write: milliseconds,
    response: milliseconds,
    read: milliseconds,
  },
  "total",
);

const waitedFor = {
  total: ["the call did not end", "Raise timeout.total."],
  attempt: ["the attempt got no response", "Raise timeout.attempt."],
  queue: ["no turn came", "Raise timeout.queue, limits or rateLimit."],
  connect: ["no connection was made", "Check the address, or raise timeout.connect."],
  write: ["the peer took no request content", "Raise timeout.write."],
  response: ["no response came", "Raise timeout.response."],
  read: ["no response content came", "Raise timeout.read."],
} as const;

/** The error of a limit that was reached. */
export function timeoutError(
  phase: keyof typeof waitedFor,
  limit: number,
  elapsed: number,
  requestSent: RequestSent,
): TimeoutError {
  const [what, remedy] = waitedFor[phase];
  const code = `ERR_TIMEOUT_${phase.toUpperCase() as Uppercase<typeof phase>}` as const;
  return new TimeoutError(code, `${what} within ${limit} ms`, remedy, {
    phase,
    requestSent,
    // The difference of two times may be a billionth short of the limit.
    fields: { limit, elapsed: Math.round(elapsed * 1000) / 1000 },
  });
}
