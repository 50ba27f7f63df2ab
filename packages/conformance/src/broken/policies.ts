/* Transports and sessions that break a promise of the session: redirects, codings, statuses, deadlines, closing. */

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
const reoptioned =
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
    name: "hides-locations",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/^location$/i.test(name)),
          ),
        }),
      }),
    caught: {},
  },
  {
    name: "answers-that-all-is-well",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({ ...response, status: Math.min(response.status, 399) }),
      }),
    caught: {},
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
    caught: {},
  },
  {
    name: "has-no-clock",
    session: reoptioned(({ timeout: _, ...options }) => options),
    caught: {},
  },
  {
    name: "hears-no-signal",
    session: reoptioned(({ signal: _, ...options }) => options),
    caught: {},
  },
  {
    name: "pretends-to-close",
    session: pretendToClose,
    caught: {},
  },
];
