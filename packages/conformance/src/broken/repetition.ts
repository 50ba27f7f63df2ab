/* Sessions and transports that are wrong about trying again, and about how long they wait. */

import {
  isStream,
  type OutgoingStream,
  type RequestOptions,
  type Session,
  type TransportResponse,
} from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withReceiver, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

const methods = new Set<string | symbol>("get head options post put patch delete".split(" "));

/** A session all of whose calls are made with these options, whatever they say. */
const insisting =
  (on: RequestOptions) =>
  (make: () => Session): Session => {
    const wrap = (session: Session): Session =>
      new Proxy(session, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== "function") return member;
          const bound = member.bind(target) as (...args: unknown[]) => unknown;
          if (name === "extend") return (...args: unknown[]) => wrap(bound(...args) as Session);
          if (name !== "request" && !methods.has(name)) return bound;
          const place = name === "request" ? 2 : 1;
          return (...args: unknown[]) =>
            bound(...args.slice(0, place), { ...(args[place] as object), ...on });
        },
      });
    return wrap(make());
  };

/** The shortest of all limits, for the whole call. */
function shortest(timeout: RequestOptions["timeout"]): RequestOptions["timeout"] {
  if (typeof timeout !== "object") return timeout;
  const least = Math.min(...Object.values(timeout).map((limit) => Number(limit) || Infinity));
  return { total: least };
}

/** The same content, of no known length, and without a way to end it. */
function endless({ source }: OutgoingStream): OutgoingStream {
  return {
    length: null,
    source: {
      [Symbol.asyncIterator]() {
        const pieces = source[Symbol.asyncIterator]();
        return { next: () => pieces.next() };
      },
    },
  };
}

/** An empty response that nobody has sent. */
const invented: TransportResponse = {
  status: 200,
  statusText: "",
  headers: [],
  httpVersion: "1.1",
  body: {
    start: (receiver) => receiver.end([]),
    pause: () => undefined,
    resume: () => undefined,
    cancel: () => undefined,
  },
};

/** Ways to be wrong about repetition and patience. */
export const brokenRepetition: readonly Broken[] = [
  {
    name: "never-tries-again",
    session: insisting({ retry: false }),
    caught: {
      "session/retry/get-after-*": /expected a response, got ERR_/,
      "session/retry/head-after-*": /expected a response, got ERR_/,
      "session/retry/put-after-*": /expected a response, got ERR_/,
      "session/retry/delete-after-*": /expected a response, got ERR_/,
      "session/retry/*-that-never-left": /tried: expected 3, got 1/,
      "session/retry/after-*": /call 1: expected a response, got ERR_STATUS/,
      "session/retry/content-of-*-is-the-same": /expected a response, got ERR_DISCONNECTED/,
      "session/retry/content-of-*-is-sent-once": /error\.message: expected what matches/,
      "session/retry/content-of-the-last-attempt-is-readable":
        /error\.status: expected 502, got 503/,
      "session/retry/content-that-was-not-begun": /expected a response, got ERR_CONNECT_REFUSED/,
      "session/retry/of-a-stream-of-content": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-zero": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-nothing": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-two-values": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-a-date-*": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-a-word*": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-a-fraction": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-a-negative-number": /expected a response, got ERR_STATUS/,
      "session/retry/retry-after-is-not-obeyed": /expected a response, got ERR_STATUS/,
      "session/retry/back-off-*": /expected a response, got ERR_STATUS|expected waits/,
      "session/retry/unread-content-*": /expected a response, got ERR_STATUS|has not settled/,
      "session/retry/a-dead-connection-is-no-attempt":
        /call 2: expected a response, got ERR_DISCONNECTED_IDLE/,
      "session/retry/a-function-that-fails-the-second-time":
        /expected "ERR_CONTENT_SOURCE", got "ERR_STATUS"/,
      "session/retry/a-refused-token-and-a-busy-server": /expected 4, got 2/,
      "session/retry/a-type-is-not-lost": /expected a response, got ERR_STATUS/,
      "session/retry/abort-interrupts-the-wait": /has not settled/,
      "session/retry/another-connection-each-time": /error\.attempt: expected 3, got 1/,
      "session/retry/attempts-without-end-have-an-end": /requests that arrived: expected/,
      "session/retry/budget-*": /requests that arrived: expected \d+, got \d+/,
      "session/retry/close-interrupts-the-wait": /has not settled/,
      "session/retry/credentials-of-each-attempt": /expected a response, got ERR_DISCONNECTED/,
      "session/retry/deadline-*": /expected "ERR_TIMEOUT_TOTAL", got "ERR_STATUS"/,
      "session/retry/each-hop-of-a-redirect": /expected a response, got ERR_STATUS/,
      "session/retry/idempotency-key": /call 1: expected a response, got ERR_STATUS/,
      "session/retry/is-told": /a call failed with .*ERR_DISCONNECTED/,
      "session/retry/layers-multiply-no-further-than-said":
        /requests that arrived: expected 6, got 2/,
      "session/retry/middleware-of-both-scopes": /expected a response, got ERR_DISCONNECTED/,
      "session/retry/should-retry-that-throws": /expected "ERR_MIDDLEWARE", got "ERR_STATUS"/,
      "session/retry/what-was-sent-stays-sent": /error\.attempt: expected 2, got 1/,
      "session/timeout/attempt-is-tried-again": /expected a response, got ERR_TIMEOUT_ATTEMPT/,
      "session/timeout/write-is-tried-again": /expected a response, got ERR_TIMEOUT_WRITE/,
    },
  },
  {
    name: "always-tries-again",
    session: insisting({
      retry: {
        attempts: 4,
        shouldRetry: () => true,
        backoff: () => 0,
        retryAfter: false,
        budget: false,
      },
    }),
    caught: {
      "session/retry/post-after-*": /an unexpected request arrived: POST a/,
      "session/retry/patch-after-*": /an unexpected request arrived: PATCH a/,
      "session/retry/not-after-*": /an unexpected request arrived: GET a/,
      "session/retry/a-refresh-that-fails-is-not-retried": /refreshes: expected 1, got 4/,
      "session/retry/false-*": /call [12]: /,
      "session/retry/methods-statuses-and-errors-said": /an unexpected request arrived/,
      "session/retry/middleware-that-fails-an-attempt": /called: expected 1, got 4/,
      "session/retry/no-wait-beyond-the-deadline": /an unexpected request arrived/,
      "session/retry/off-unless-asked-for": /an unexpected request arrived/,
      "session/retry/retry-after-a-date-to-come": /early: expected/,
      "session/retry/retry-after-a-far-date": /an unexpected request arrived/,
      "session/retry/retry-after-a-number-without-end": /an unexpected request arrived/,
      "session/retry/retry-after-a-second": /content: expected \[1000\], got \[0\]/,
      "session/retry/retry-after-more-than-max-delay": /an unexpected request arrived/,
      "session/retry/should-retry-has-the-last-word": /call 2: expected an error "ERR_STATUS"/,
    },
  },
  {
    name: "waits-for-ever",
    session: insisting({
      timeout: {
        total: false,
        attempt: false,
        queue: false,
        write: false,
        connect: false,
        response: false,
        read: false,
      },
    }),
    caught: {
      "session/timeout/attempt-all-of-them": /has not settled/,
      "session/timeout/attempt-includes-*": /has not settled/,
      "session/timeout/attempt-without-retry": /has not settled/,
      "session/timeout/precision-of-*": /ERR_SESSION_CLOSED|has not settled/,
      "session/timeout/write-closes-the-connection": /has not settled/,
      "session/timeout/write-of-*": /has not settled/,
    },
  },
  {
    name: "sees-no-failure",
    spoil: (correct) =>
      spoilt(correct, {
        send: (request, transport) => transport.send(request).catch(() => invented),
        response: (response) =>
          withReceiver(response, (receiver) => ({ fail: () => receiver.end([]) })),
      }),
    caught: {
      "session/retry/content-half-consumed": /expected an error, got status 200/,
      "session/retry/content-that-breaks-off-is-the-callers":
        /expected an error "ERR_CONTENT_TRUNCATED", got status 200/,
    },
  },
  {
    name: "acts-on-nothing",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          status: response.status === 401 ? 403 : response.status,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/^(?:location|retry-after)$/i.test(name)),
          ),
        }),
      }),
    caught: {
      "session/retry/a-hundred-refusals-and-one-refresh": /done: expected 100, got 0/,
      "session/retry/a-redirect-is-no-failure":
        /expected an error "ERR_REDIRECT_LOCATION", got status 302/,
      "session/timeout/attempt-of-each-hop": /status: expected 200, got 302/,
    },
  },
  {
    name: "takes-every-limit-for-the-total",
    session: reoptioned((options) => ({ ...options, timeout: shortest(options.timeout) })),
    caught: {
      "session/timeout/attempt-is-over-with-the-head": /got ERR_TIMEOUT_TOTAL/,
      "session/timeout/attempt-of-each": /expected a response, got ERR_STATUS/,
      "session/timeout/write-and-an-answer-that-came-early":
        /expected a response, got ERR_TIMEOUT_TOTAL/,
      "session/timeout/write-counts-no-content": /got ERR_TIMEOUT_TOTAL/,
      "session/timeout/write-is-over-when-all-is-sent": /got ERR_TIMEOUT_TOTAL/,
      "session/timeout/write-leaves-*": /got ERR_TIMEOUT_TOTAL/,
    },
  },
  {
    name: "loses-length-and-end-of-streams",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          isStream(request.body) ? withRequest(request, { body: endless(request.body) }) : request,
      }),
    caught: {
      "session/timeout/write-keeps-the-content-as-it-is": /same: expected \[true,true,true\]/,
      "session/timeout/write-watches-and-passes-on": /in vain|has not settled/,
    },
  },
];
