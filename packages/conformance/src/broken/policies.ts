/* Transports and sessions that break a promise of the session: codings, statuses, deadlines, closing. */

import type { RequestOptions, Session } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";

const calls = new Set<string | symbol>([
  "request",
  "get",
  "head",
  "options",
  "post",
  "put",
  "patch",
  "delete",
]);

/** A session whose calls are made with other options. */
export const reoptioned =
  (change: (options: RequestOptions) => RequestOptions): NonNullable<Broken["session"]> =>
  (make) =>
    new Proxy(make(), {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        const bound = member.bind(target) as (...args: unknown[]) => unknown;
        if (!calls.has(name)) return bound;
        return (...args: unknown[]) => {
          const last = name === "request" ? 2 : 1;
          const options = args[last];
          if (typeof options !== "object" || options === null) return bound(...args);
          return bound(...args.slice(0, last), change(options));
        };
      },
    });

/** The same limits, 40 milliseconds each. */
function hurried(timeout: RequestOptions["timeout"]): RequestOptions["timeout"] {
  const soon = (limit: unknown): unknown => (Number(limit) > 0 ? 40 : limit);
  if (typeof timeout !== "object" || timeout === null) return soon(timeout) as number;
  return Object.fromEntries(Object.entries(timeout).map(([name, limit]) => [name, soon(limit)]));
}

function pretendToClose(make: () => Session): Session {
  return new Proxy(make(), {
    get(target, name) {
      if (name === "close") return () => Promise.resolve();
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Ways to break what a session promises. */
export const brokenPolicies: readonly Broken[] = [
  {
    name: "answers-that-all-is-well",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({ ...response, status: Math.min(response.status, 399) }),
      }),
    caught: {
      "session/errors/status-rejects": /expected an error "ERR_STATUS", got status 399/,
      "session/errors/status-content-is-cut": /expected an error that holds its response/,
      "session/errors/status-content-limit-zero": /expected an error that holds its response/,
      "session/errors/status-content-stays-readable": /expected an error that holds its response/,
      "session/errors/status-of-head": /expected an error that holds its response/,
      "session/errors/status-frees-its-connection":
        /expected an error "ERR_STATUS", got status 399/,
      "session/errors/status-gives-up-what-it-does-not-keep":
        /expected an error "ERR_STATUS", got status 399/,
      "session/errors/status-outlives-broken-content":
        /error\.code: expected "ERR_STATUS", got "ERR_CONTENT_TRUNCATED"/,
      "session/errors/throw-http-errors-*": /status: expected 404, got 399/,
      "session/redirect/status-policy-holds-at-the-end": /status: expected 404, got 399/,
      "session/errors/no-secrets-of-the-request": /expected an error "ERR_STATUS", got status 399/,
      "session/errors/readers-reject-with-the-error": /json: expected "ERR_STATUS", got "no error"/,
      "session/errors/closed-set": /call 13: expected an error/,
      "session/errors/bounded": /expected an error/,
      "session/errors/to-json": /expected an error/,
      "session/extend/the-rest-replaces": /call 1: status: expected 500, got 399/,
      "session/middleware/calls-next-again": /content: expected "welcome", got "who are you\?"/,
    },
  },
  {
    name: "drops-custom-fields",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) =>
              pairs.filter(([name]) => !/^x-/i.test(name)),
            ),
          }),
      }),
    caught: {
      "session/extend/context": /field x-context: expected .*, got nothing/,
      "session/extend/headers": /field x-kept: expected "1", got nothing/,
      "session/extend/middleware": /field x-marks: expected "abc", got nothing/,
      "session/extend/of-an-extended-session": /field x-a: expected "1", got nothing/,
      "session/middleware/changes-headers": /field x-wanted: expected "2", got nothing/,
      "session/middleware/changes-of-headers-stay-in-the-call":
        /field x-once: expected "1", got nothing/,
      "session/middleware/order": /field x-passed: expected .*, got \[\]/,
      "session/middleware/stands-around-redirects": /field x-passed: expected .*, got \[\]/,
      "session/middleware/sees-the-context": /field x-context: expected "one yes", got nothing/,
      "session/options/other-origins-get-nothing-of-the-base":
        /field x-own: expected "1", got nothing/,
      "session/options/undefined-means-unsaid": /field x-a: expected "1", got nothing/,
      "session/redirect/origin-upper-case": /field x-api-key: expected "secret", got nothing/,
      "session/redirect/origin-punycode": /field x-api-key: expected "secret", got nothing/,
      "session/keys/in-headers": /sent: expected/,
    },
  },
  {
    name: "is-always-in-a-hurry",
    session: reoptioned((options) =>
      "timeout" in options ? { ...options, timeout: hurried(options.timeout) } : options,
    ),
    caught: {
      "session/timeout/connect-not-accepted": /error\.limit: expected 300, got 40/,
      "session/timeout/connect-includes-the-handshake": /error\.limit: expected 300, got 40/,
      "session/timeout/false-switches-off": /call 3: expected a response, got ERR_TIMEOUT_TOTAL/,
      "session/timeout/message-says-what-was-waited-for": /error\.message: expected/,
      "session/redirect/read-limit-holds-at-the-end": /error\.limit: expected 300, got 40/,
      "session/timeout/queue": /error\.limit: expected 200, got 40/,
      "session/rate-limit/timeout-queue": /error\.limit: expected 300, got 40/,
      "session/timeout/read-ends-a-silence*": /error\.limit: expected \d+, got 40/,
      "session/timeout/read-leaves-a-trickle-alone": /expected a response, got ERR_TIMEOUT_READ/,
      "session/timeout/response-fires-on-time": /error\.limit: expected 300, got 40/,
      "session/timeout/response-runs-anew-for-each-redirect":
        /expected a response, got ERR_TIMEOUT_RESPONSE/,
      "session/timeout/total-while-*": /error\.limit: expected 200, got 40|has not settled/,
      "session/timeout/total-in-the-*": /error\.limit: expected \d+, got 40/,
      "session/timeout/total-is-on-time": /settled after|error\.limit: expected 300, got 40/,
      "session/timeout/total-ends-a-stream-that-flows": /error\.limit: expected 300, got 40/,
      "session/reading/stall-read-as-*": /error\.limit: expected 200, got 40/,
      "session/reading/trickle-read-as-*": /error\.(?:limit|code): expected/,
    },
  },
  {
    name: "aborts-at-once",
    session: reoptioned((options) =>
      options.signal instanceof AbortSignal
        ? { ...options, signal: AbortSignal.abort("enough") }
        : options,
    ),
    caught: {
      "session/abort/after-the-end": /call 1: expected a response, got ERR_ABORTED/,
      "session/rate-limit/abort-while-waiting": /did not expect a call beyond the rate to settle/,
      "session/throttle/abort": /requests that arrived: expected 1, got 0/,
      "session/abort/default-reason": /waited \d+ ms for 1 requests to arrive, in vain/,
      "session/pools/two-that-never-end": /waited \d+ ms for 2 requests to arrive, in vain/,
      "session/redirect/abort-between-two-origins":
        /waited \d+ ms for 2 requests to arrive, in vain/,
      "session/abort/in-the-second-hop": /waited \d+ ms for 2 requests to arrive, in vain/,
      "session/abort/in-the-stream": /status: expected 200, got nothing/,
      "session/abort/in-the-upload": /error\.requestSent: expected "maybe", got "no"/,
      "session/abort/no-listener-is-left": /call 1: expected a response, got ERR_ABORTED/,
      "session/abort/one-signal-for-many-calls": /waited \d+ ms for 3 requests to arrive, in vain/,
      "session/abort/reason-identity": /same: expected true, got false/,
      "session/abort/stops-the-source-of-content":
        /waited \d+ ms for 1 requests to arrive, in vain/,
      "session/abort/timeout-signal": /requests that arrived: expected 1, got 0/,
      "session/abort/unread-content":
        /waited \d+ ms for 1 connections to be closed by the client, in vain/,
      "session/abort/while-connecting": /error\.phase: expected "connect", got "prepare"/,
      "session/abort/while-content-is-read-whole": /ERR_ABORTED/,
      "session/abort/while-queued": /error\.phase: expected "queue", got "prepare"/,
      "session/events/abort-*": /arrived: expected 1, got 0|data: expected/,
      "session/reading/aborted-while-read-as-*": /error\.phase: expected "read", got "prepare"/,
    },
  },
  {
    name: "pretends-to-close",
    session: pretendToClose,
    caught: {
      "session/closing/waits-for-*": /did not expect close\(\) to resolve/,
      "session/closing/no-call-*": /expected "SessionClosedError", got "StatusError"/,
      "session/closing/parent-ends-extended-sessions":
        /expected "SessionClosedError", got "StatusError"/,
      "session/closing/force-after-close": /did not expect close\(\) to resolve/,
      "session/rate-limit/force-closes": /waited \d+ ms for the call to settle, in vain/,
      "session/closing/force-ends-calls": /for all calls to settle, in vain/,
      "session/closing/gives-up-unread-content": /connections to be closed by the client, in vain/,
      "session/closing/closes-idle-connections": /connections to be closed by the client, in vain/,
      "session/reading/closing-waits-for-*": /close: expected "waits", got nothing/,
      "session/reading/closed-while-read-as-*": /expected "SessionClosedError", got "TimeoutError"/,
      "session/events/*close-while-waiting": /has not settled/,
    },
  },
];
