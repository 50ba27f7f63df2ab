/* Transports and sessions that do not keep to rates, paces and priorities, or hide what a server says of its own. */

import type { Session } from "@anyhttp/core";
import { type Broken, mapFields, spoilt } from "./broken.ts";
import { reoptioned } from "./policies.ts";

/** Holds each request until there is another to send it with, or for a while. */
function inPairs(): () => Promise<void> {
  let go: (() => void) | null = null;
  return () => {
    const waiting = go;
    go = null;
    if (waiting) return Promise.resolve(waiting());
    return new Promise((resolve) => {
      go = resolve;
      setTimeout(resolve, 1200);
    });
  };
}

/** Leaves so much time between two requests, whatever they are for. */
function apart(ms: number): () => Promise<void> {
  let next = 0;
  return () => {
    const now = performance.now();
    next = Math.max(now, next + ms);
    return new Promise((resolve) => setTimeout(resolve, next - now));
  };
}

const sentWhen =
  (makeWait: () => () => Promise<void>): NonNullable<Broken["spoil"]> =>
  (correct) => {
    const wait = makeWait();
    return spoilt(correct, {
      send: (request, transport) => wait().then(() => transport.send(request)),
    });
  };

/** A session whose calls are those of another one on the same transport. */
function throughAnother(make: () => Session, other: (session: Session) => Session): Session {
  const session = make();
  const calls = other(session);
  return new Proxy(session, {
    get(target, name) {
      const from =
        name === "close" || name === "stats" || typeof name === "symbol" ? target : calls;
      const member: unknown = Reflect.get(from, name, from);
      return typeof member === "function" ? (member.bind(from) as unknown) : member;
    },
  });
}

/** Ways to break what rates, paces and priorities promise. */
export const brokenLimits: readonly Broken[] = [
  {
    name: "sends-in-pairs",
    spoil: sentWhen(inPairs),
    caught: {
      "session/rate-limit/spreads-requests": /expected 200 ms between two requests, and not \d\d?$/,
      "session/rate-limit/burst": /expected three requests at once, and not in \d+ ms/,
      "session/rate-limit/whole-session": /waits: expected 1, got 0/,
      "session/rate-limit/what-a-function-names": /waits: expected 1, got 0/,
      "session/rate-limit/counts-*": /settled after: expected a number from 380 to 900 ms/,
      "session/rate-limit/shared-by-extended-sessions":
        /call 2: settled after: expected a number from 250 to 900 ms/,
    },
  },
  {
    name: "sends-one-after-another",
    spoil: sentWhen(() => apart(400)),
    caught: {
      "session/rate-limit/each-origin-by-itself": /waits: expected 0, got 1/,
    },
  },
  {
    name: "hides-limits-of-servers",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/rate-?limit|retry-after/i.test(name)),
          ),
        }),
      }),
    caught: {
      "session/rate-limit/learns-retry-after-of-429": /waited: expected true, got false/,
      "session/rate-limit/learns-retry-after-of-503": /waited: expected true, got false/,
      "session/rate-limit/learns-retry-after-as-a-date": /waited: expected true, got false/,
      "session/rate-limit/learns-rate-limit": /waited: expected true, got false/,
      "session/rate-limit/learns-rate-limit-policy": /waited: expected true, got false/,
      "session/rate-limit/learns-rate-limit-of-an-earlier-draft":
        /waited: expected true, got false/,
      "session/rate-limit/learns-rate-limit-in-three-fields": /waited: expected true, got false/,
      "session/rate-limit/learns-x-rate-limit*": /waited: expected true, got false/,
      "session/rate-limit/learns-no-more-than-is-believed": /waited: expected true, got false/,
    },
  },
  {
    name: "waits-for-whoever-says-so",
    spoil(correct) {
      let told = false;
      return spoilt(correct, {
        send: async (request, transport) => {
          if (told) await new Promise((resolve) => setTimeout(resolve, 600));
          return transport.send(request);
        },
        response(response) {
          told = response.headers.some((field) => /^(retry-after|ratelimit)$/i.test(field));
          return response;
        },
      });
    },
    caught: {
      "session/rate-limit/learns-retry-after-of-404": /waited: expected false, got true/,
      "session/rate-limit/learns-rate-limit-with-something-left":
        /waited: expected false, got true/,
      "session/rate-limit/learns-only-if-asked": /waited: expected false, got true/,
    },
  },
  {
    name: "knows-no-hurry-and-no-patience",
    session: (make) =>
      reoptioned(({ priority: _priority, throttle: _throttle, ...options }) => options)(() =>
        throughAnother(make, (session) => session.extend({ priority: 0, throttle: false })),
      ),
    caught: {
      "session/priority/higher-goes-first": /request 2: path: expected "high", got "low"/,
      "session/priority/between-origins": /request 2: path: expected "urgent", got "a"/,
      "session/priority/of-the-session": /request 2: path: expected "above", got "below"/,
      "session/priority/starves-nobody": /expected at least/,
      "session/priority/wrong": /call 1: error\.code: expected "ERR_INVALID_OPTION"/,
      "session/rate-limit/priority": /request 2: path: expected "d", got "b"/,
      "session/throttle/download*": /settled after: expected a number from/,
      "session/throttle/shared-by-extended-sessions": /settled after: expected a number from/,
      "session/throttle/abort-of-what-has-come": /expected an error "ERR_ABORTED", got status 200/,
      "session/throttle/timeout-total": /expected an error "ERR_TIMEOUT_TOTAL", got status 200/,
      "session/throttle/holds-the-peer-back": /did not expect the throttled content to end/,
      "session/throttle/*-is-no-silence": /settled after: expected a number from/,
      "session/throttle/is-no-silence": /settled after: expected a number from/,
      "session/throttle/upload-of-*": /settled after: expected a number from/,
      "session/throttle/wrong": /call 1: error\.code: expected "ERR_INVALID_OPTION"/,
    },
  },
];
