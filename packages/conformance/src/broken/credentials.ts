/* Transports and sessions that spoil authentication: credentials that are lost, invented, or tried again and again. */

import type { Session, TransportResponse } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";

const methods = new Set<string | symbol>("get head options post put patch delete".split(" "));

/** A session none of whose calls is authenticated. */
function anonymous(make: () => Session): Session {
  return new Proxy(make(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...args: unknown[]) => unknown;
      if (name !== "request" && !methods.has(name)) return bound;
      const place = name === "request" ? 2 : 1;
      return (...args: unknown[]) =>
        bound(...args.slice(0, place), { ...(args[place] as object), auth: false });
    },
  });
}

/** Takes the content of a response, so that its connection is free. */
function drained(response: TransportResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    response.body.start({ data: () => undefined, end: () => resolve(), fail: reject });
  });
}

/** Ways to be wrong about who is calling. */
export const brokenCredentials: readonly Broken[] = [
  {
    name: "never-authenticates",
    session: anonymous,
    caught: {
      "session/auth/a-call-goes-without": /field authorization: expected \["Bearer another"\]/,
      "session/auth/a-failed-refresh-ends-all-who-wait":
        /call 1: expected an error "ERR_AUTH", got status 200/,
      "session/auth/a-refresh-that-hangs":
        /call 1: expected an error "ERR_TIMEOUT_TOTAL", got status 200/,
      "session/auth/a-token-is-renewed-before-it-expires":
        /field authorization: expected \["Bearer t1"\], got \[\]/,
      "session/auth/an-older-token-is-no-reason-to-refresh": /refreshes: expected 1, got 0/,
      "session/auth/an-origin-of-their-own":
        /field authorization: expected \["Basic \w+"\], got \[\]/,
      "session/auth/basic-goes-with-the-first-request":
        /field authorization: expected \["Basic \S+"\], got \[\]/,
      "session/auth/bearer-is-asked-for-each-exchange":
        /field authorization: expected \["Bearer token-2"\], got \[\]/,
      "session/auth/digest-c*": /judged: expected .*, got \[\]|expected a response, got ERR_STATUS/,
      "session/auth/digest-frees-the-connection": /requests that arrived: expected 4, got 2/,
      "session/auth/digest-stale-*": /requests that arrived: expected \d, got \d/,
      "session/auth/one-refresh-for-all": /requests that arrived: expected 7, got 3/,
      "session/auth/the-callers-own-field-stands":
        /request 2: field authorization: expected \["Basic \w+"\], got \[\]/,
      "session/auth/token-*": /field authorization: expected \["Bearer t1"\]|expected 2, got 1/,
      "session/auth/what-it-throws-is-named": /expected an error "ERR_AUTH", got status 200/,
      "session/auth/wrong-credentials-are-refused-early":
        /call 1: expected an error, got status 200/,
    },
  },
  {
    name: "signs-what-is-unsigned",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          request.headers.some((name) => /^authorization$/i.test(name))
            ? request
            : withRequest(request, { headers: [...request.headers, "authorization", "Own x"] }),
      }),
    caught: {
      "session/auth/a-refresh-by-the-same-session":
        /request 2: field authorization: expected nothing, got "Own x"/,
      "session/auth/another-name-is-another-origin":
        /request 2: field authorization: expected nothing, got "Own x"/,
      "session/auth/of-a-call-stay-within-its-origin":
        /request 3: field authorization: expected nothing, got "Own x"/,
      "session/auth/stays-within-the-base":
        /request 1: field authorization: expected nothing, got "Own x"/,
      "session/auth/digest-senseless-challenges":
        /request 3: field authorization: expected nothing, got "Own x"/,
    },
  },
  {
    name: "tries-again-what-is-refused",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          const response = await transport.send(request);
          if (response.status !== 401) return response;
          await drained(response);
          return transport.send(request);
        },
      }),
    caught: {
      "session/auth/digest-content-once": /call 1: status: expected 401, got 200/,
      "session/auth/digest-stale-for-ever": /requests that arrived: expected 4, got 5/,
      "session/auth/digest-wrong-password": /requests that arrived: expected 4, got 5/,
      "session/auth/refused-credentials-are-not-sent-again":
        /requests that arrived: expected 1, got 2/,
      "session/auth/token-is-renewed-on-401":
        /request 2: field authorization: expected \["Bearer t1"\], got \["Bearer t0"\]/,
      "session/auth/token-refused-for-ever": /requests that arrived: expected 2, got 3/,
    },
  },
  {
    name: "hides-challenges",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/^(?:www-authenticate|authentication-info)$/i.test(name)),
          ),
        }),
      }),
    caught: {
      "session/auth/digest-answers-a-challenge": /judged: expected \["n1 00000001"\], got \[\]/,
      "session/auth/digest-challenges-at-once": /judged: expected .*, got \[\]/,
      "session/auth/digest-hashes-content": /judged: expected .*, got \[\]/,
      "session/auth/digest-next-nonce": /judged: expected .*, got \[\]/,
      "session/auth/digest-of-each-origin": /judged: expected .*, got \[\]/,
      "session/auth/digest-strongest-challenge": /judged: expected .*, got \[\]/,
    },
  },
];
