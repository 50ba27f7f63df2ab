/* Transports and sessions that tell wrongly how far they are and how long it took, or lose and invent cookies. */

import type { ExchangeTrace, Session, Timings } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

/** Tells something else of each exchange. */
const telling =
  (change: (trace: ExchangeTrace) => Partial<ExchangeTrace>): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      request(request) {
        const { trace } = request;
        const straight: ExchangeTrace = {
          mark: (step) => trace.mark(step),
          connected: (connection, reused) => trace.connected(connection, reused),
          watchesUpload: trace.watchesUpload,
          wrote: (bytes) => trace.wrote(bytes),
          informational: trace.informational,
        };
        return withRequest(request, { trace: { ...straight, ...change(straight) } });
      },
    });

/** Without the fields of a name. */
const lacking =
  (name: string) =>
  (lines: readonly string[]): readonly string[] =>
    mapFields(lines, (pairs) => pairs.filter(([own]) => own.toLowerCase() !== name));

/** A session with something else in place of a member, or of what a method of that name does. */
function altered(
  make: () => Session,
  alter: (name: string | symbol, member: unknown) => unknown,
): Session {
  return new Proxy(make(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return alter(name, typeof member === "function" ? member.bind(target) : member);
    },
  });
}

const withMember =
  (wrong: string, value: unknown): NonNullable<Broken["session"]> =>
  (make) =>
    altered(make, (name, member) => (name === wrong ? value : member));

const zeros: Timings = {
  queued: 0,
  dns: 0,
  connect: 0,
  tls: 0,
  sent: 0,
  firstByte: 0,
  content: 0,
  total: 0,
};

/** A session whose responses took no time at all. */
function timeless(make: () => Session): Session {
  return altered(make, (name, member) => {
    if (name !== "get") return member;
    return (...args: Parameters<Session["get"]>) => {
      const calling = (member as Session["get"])(...args);
      const response = calling.then((got) =>
        Object.defineProperty(got, "timings", { value: zeros }),
      );
      return Object.assign(response, { text: () => calling.text() });
    };
  });
}

/** Ways to be wrong about what is told. */
export const brokenTracing: readonly Broken[] = [
  {
    name: "tells-each-step-twice",
    spoil: telling((trace) => ({
      mark(step) {
        trace.mark(step);
        trace.mark(step);
      },
    })),
    caught: {
      "session/trace/ends-by-disconnected": /exchange 1: expected .*"sent","sent"/,
      "session/trace/ends-by-read-timeout": /exchange 1: expected .*"opened","opened"/,
      "session/trace/ends-by-refused": /exchange 1: expected .*"connecting","connecting"/,
      "session/trace/ends-by-response-timeout": /exchange 1: expected .*"sent","sent"/,
      "session/trace/ends-by-total-timeout": /exchange 1: expected .*"sent","sent"/,
      "session/trace/ends-by-truncated": /exchange 1: expected .*"opened","opened"/,
      "session/trace/redirect": /exchange 1: expected .*"sent","sent"/,
      "session/trace/resend": /exchange 1: expected .*"sent","sent"/,
      "session/trace/without-content": /exchange 1: expected .*"connecting","connecting"/,
    },
  },
  {
    name: "keeps-its-steps-to-itself",
    spoil: telling((trace) => ({
      mark: (step) => {
        if (step === "connecting" || step === "sent") trace.mark(step);
      },
    })),
    caught: {
      "session/timings/new-connection": /dns: expected a time, got null/,
      "session/trace/ends-by-certificate":
        /exchange 1: expected .*, got \["exchange-begin","granted","connecting","exchange-end"\]/,
      "session/trace/new-connection-*": /exchange 1: expected .*"connecting","connected","sent"/,
    },
  },
  {
    name: "takes-every-connection-for-a-new-one",
    spoil: telling((trace) => ({ connected: (connection) => trace.connected(connection, false) })),
    caught: {
      "session/trace/reused-connection": /reused: expected true, got false/,
    },
  },
  {
    name: "loses-cookies",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => withRequest(request, { headers: lacking("cookie")(request.headers) }),
      }),
    caught: {
      "session/cookies/hops-and-attempts":
        /request 2: field cookie: expected \["hop=1"\], got \[\]/,
      "session/cookies/kept-*": /request 2: field cookie: expected .*, got \[\]/,
      "session/cookies/of-a-call": /request 1: field cookie: expected .*, got \[\]/,
      "session/cookies/own-field-is-left-behind":
        /request 1: field cookie: expected \["x=1"\], got \[\]/,
      "session/cookies/*refused-where-ambient": /request 1: field cookie: expected .*, got \[\]/,
    },
  },
  {
    name: "hides-cookies",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({ ...response, headers: lacking("set-cookie")(response.headers) }),
      }),
    caught: {
      "session/cookies/hops-and-attempts":
        /request 2: field cookie: expected \["hop=1"\], got \[\]/,
      "session/cookies/kept-*": /request 2: field cookie: expected .*, got \[\]/,
    },
  },
  {
    name: "sends-a-cookie-of-its-own",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: [...lacking("cookie")(request.headers), "cookie", "own=1"],
          }),
      }),
    caught: {
      "session/cookies/other-origins":
        /request 2: field cookie: expected \["other=1"\], got \["own=1"\]/,
      "session/cookies/secure-doors": /request 3: field cookie: expected nothing, got "own=1"/,
      "session/cookies/switched-off": /request 1: field cookie: expected nothing, got "own=1"/,
    },
  },
  {
    name: "forgets-what-middleware-adds",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) =>
              pairs.filter(([name]) => !/^x-(?:outer|inner|tenant|token)$/i.test(name)),
            ),
          }),
      }),
    caught: {
      "session/middleware/attempt-calls-next-again":
        /request 2: field x-token: expected "fresh", got nothing/,
      "session/middleware/described-scopes": /field x-outer: expected "1", got nothing/,
      "session/middleware/methods-of-objects": /field x-tenant: expected "acme", got nothing/,
      "session/middleware/scopes": /field x-outer: expected "1", got nothing/,
    },
  },
  {
    name: "ends-no-call",
    session: reoptioned(({ timeout: _limits, signal: _signal, ...rest }) => rest),
    caught: {
      "session/middleware/abort-while-*": /has not settled/,
      "session/middleware/attempt-hangs-*": /has not settled/,
      "session/middleware/looks-late": /has not settled/,
      "session/trace/abort-at-sent": /has not settled/,
    },
  },
  {
    name: "counts-nothing",
    session: withMember("stats", { active: 0, queued: 0, idle: 0, origins: {} }),
    caught: {
      "session/stats/active-and-queued": /all: expected \[2,1\], got \[0,0\]/,
      "session/stats/extended": /active: expected \[1,1\], got \[0,1\]/,
      "session/stats/idle": /idle: expected 1, got 0/,
    },
  },
  {
    name: "has-no-sense-of-time",
    session: timeless,
    caught: {
      "session/timings/queue": /queued: expected a number from 140 to 5000, got 0/,
      "session/timings/redirect": /total: expected a number from 190 to 9000, got 0/,
      "session/timings/span": /firstByte: expected a number from 110 to 5000, got 0/,
      "session/timings/while-content-comes": /content: expected null, got 0/,
    },
  },
];
