/* The trace of calls that end otherwise: by failure, deadline or abort in each phase, or because nobody wants more. */

import type { TraceEvent } from "@anyhttp/core";
import {
  always,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  type Door,
  type Expectation,
  expects,
  filler,
  gate,
  head,
  oneOf,
  pause,
  read,
  refused,
  respond,
  respondChunked,
  type Script,
  secure,
  sequence,
  stall,
} from "../../case.ts";
import type { CallOptions } from "../../case/perform.ts";
import { callTypes, codeIn, exchangeTypes, noteTypes, traced, typesOf } from "./traced.ts";

const { begins, connects } = exchangeTypes;
const exact = { connectTimeout: "exact", failureDetail: "phased" } as const;
const ok = respond(200, [], "ok");
const open = sequence(head(200, [["content-length", "10"]]), content("12345"), stall());

/** A way to fail: what is told of the exchange before its end, and the code with which it and the call end. */
interface Failure {
  readonly name: string;
  readonly what: string;
  readonly origin: Script;
  readonly options?: CallOptions;
  readonly doors?: Readonly<Record<string, Door>>;
  /** On transports that see the connection, and on those that do not. */
  readonly told: readonly [seen: readonly string[], unseen: readonly string[]];
  readonly code: string;
}

const waiting = [...connects, "sent"];
const inContent = [...waiting, "head", "piece"];

const failures: readonly Failure[] = [
  {
    name: "refused",
    what: "a connection that is refused",
    origin: [],
    doors: { main: refused() },
    told: [["connecting"], ["sent"]],
    code: "ERR_CONNECT_REFUSED",
  },
  {
    name: "certificate",
    what: "a certificate that is refused",
    origin: [],
    doors: { main: secure("expired") },
    told: [["connecting", "resolved", "opened"], ["sent"]],
    code: "ERR_TLS_EXPIRED",
  },
  {
    name: "disconnected",
    what: "a connection that is lost before the head",
    origin: [close()],
    told: [waiting, ["sent"]],
    code: "ERR_DISCONNECTED",
  },
  {
    name: "response-timeout",
    what: "timeout.response",
    origin: [stall()],
    options: { timeout: { response: 150, connect: 150 } },
    told: [waiting, ["sent"]],
    code: "ERR_TIMEOUT_RESPONSE",
  },
  {
    name: "total-timeout",
    what: "timeout.total",
    origin: [stall()],
    options: { timeout: 200 },
    told: [waiting, ["sent"]],
    code: "ERR_TIMEOUT_TOTAL",
  },
  {
    name: "read-timeout",
    what: "timeout.read",
    origin: [open],
    options: { timeout: { read: 150 } },
    told: [inContent, ["sent", "head", "piece"]],
    code: "ERR_TIMEOUT_READ",
  },
  {
    name: "truncated",
    what: "content that breaks off",
    // Some platforms tell of nothing that came together with the end.
    origin: [
      sequence(head(200, [["content-length", "10"]]), content("12345"), pause(100), close()),
    ],
    told: [inContent, ["sent", "head", "piece"]],
    code: "ERR_CONTENT_TRUNCATED",
  },
];

const failureCases = failures.map(({ name, what, origin, options, doors, told, code }) => {
  const all = (steps: readonly string[]): string[] => [...begins, ...steps, "exchange-end"];
  const facts = (steps: readonly string[], codes: unknown): Record<string, unknown> => ({
    call: callTypes,
    "exchange 1": all(steps),
    codes,
  });
  return defineCase({
    id: `session/trace/ends-by-${name}`,
    title: `${what} must be told as the end of its exchange and of its call`,
    level: "must",
    requires: exact,
    otherwise: expects({
      facts: {
        ...facts(told[1], oneOf([code, code], ["ERR_NETWORK", "ERR_NETWORK"])),
        // What came last may be lost with its connection, or have waited for the rest.
        ...(told[1].includes("piece") && {
          "exchange 1": oneOf(all(told[1]), all(told[1].slice(0, -1))),
        }),
      },
      arrivals: oneOf(0, 1),
    }),
    ...(doors && { doors }),
    origin,
    async perform(kit) {
      const { session, events } = traced(kit);
      await kit.observe(() => session.post("a", { ...options }), read.text);
      noteTypes(kit, events);
      kit.note("codes", [codeIn(events, "exchange-end"), codeIn(events, "call-end")]);
      if (name === "read-timeout" && kit.capabilities.responseStreaming === "streamed")
        kit.check(typesOf(events).includes("piece"), "the piece that came is told of");
    },
    expect: { facts: facts(told[0], [code, code]) },
    hint: "check that each exchange that begins is told to end, and nothing after that",
  });
});

const abortedAtInstant: Expectation = {
  status: 200,
  content: "ok",
  arrivals: oneOf(1, 2),
  facts: { code: "ERR_ABORTED", ended: ["call-end", "ERR_ABORTED", 0] },
};
const instants = ["call-begin", "exchange-begin", "granted", "sent", "head", "piece"] as const;

/** Cases of `session/trace` about calls that end otherwise. */
export const traceFailureCases: readonly Case[] = [
  ...failureCases,
  defineCase({
    id: "session/trace/ends-by-queue-timeout",
    title: "timeout.queue must be told as the end of an exchange that was never granted",
    level: "must",
    origin: { a: [sequence(gate("go"), ok)] },
    async perform(kit) {
      const { session, events } = traced(kit, { limits: { concurrency: 1 } });
      const first = kit.observe(() => session.get("a"), read.text);
      await kit.origin.arrived(1);
      const second = await kit.observe(() => session.get("b", { timeout: { queue: 60 } }));
      const own = events.filter(({ url }) => url.endsWith("b"));
      kit.note("told", typesOf(own));
      kit.note("code", codeIn(own, "call-end"));
      await kit.origin.open("go");
      return [await first, second];
    },
    expect: {
      calls: [{ status: 200 }, { error: { code: "ERR_TIMEOUT_QUEUE" } }],
      facts: {
        told: ["call-begin", "exchange-begin", "queued", "exchange-end", "call-end"],
        code: "ERR_TIMEOUT_QUEUE",
      },
    },
    hint: "check what is told of an exchange that leaves the queue",
  }),
  defineCase({
    id: "session/trace/no-exchange",
    title: "a call that ends before any exchange must be told to begin and to end",
    level: "must",
    origin: [ok],
    async perform(kit) {
      const { session, events } = traced(kit, {
        middleware: [() => Promise.reject(new RangeError("out of range"))],
      });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("told", typesOf(events));
      kit.note("code", codeIn(events, "call-end"));
      events.length = 0;
      await kit.observe(() => session.get("a", { signal: AbortSignal.abort("before") }));
      kit.note("aborted", [...typesOf(events), codeIn(events, "call-end")]);
      return [seen, await kit.observe(() => kit.session.get("b"), read.text)];
    },
    expect: {
      calls: [{ error: { code: "ERR_MIDDLEWARE" } }, { status: 200 }],
      facts: {
        told: callTypes,
        code: "ERR_MIDDLEWARE",
        aborted: [...callTypes, "ERR_ABORTED"],
      },
      arrivals: [{ path: "b" }],
    },
    hint: "check that the events of a call do not hang on those of an exchange",
  }),
  defineCase({
    id: "session/trace/ends-by-status",
    title: "a status that rejects must be told of the call, and its exchange to have ended well",
    level: "must",
    origin: [respond(404, [], "no")],
    async perform(kit) {
      const { session, events } = traced(kit);
      const seen = await kit.observe(() => session.get("a"));
      kit.note("codes", [codeIn(events, "exchange-end"), codeIn(events, "call-end")]);
      return seen;
    },
    expect: { error: { code: "ERR_STATUS" }, facts: { codes: [null, "ERR_STATUS"] } },
    hint: "check which of the two knows about the policy of statuses",
  }),
  defineCase({
    id: "session/trace/given-up",
    title: "content that its reader gives up must be told as an end without an error",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // What has come whole leaves nothing to give up.
    otherwise: expects(
      { facts: { last: ["piece", "exchange-end", "call-end"], codes: [null, null] } },
      { origin: [respondChunked(200, [], [filler(1000)])] },
    ),
    origin: [sequence(head(200, [["transfer-encoding", "chunked"]]), chunk(filler(1000)), stall())],
    async perform(kit) {
      const { session, events } = traced(kit);
      for await (const piece of await session.get("a")) if (piece.length > 0) break;
      kit.note("last", typesOf(events).slice(-3));
      kit.note("codes", [codeIn(events, "exchange-end"), codeIn(events, "call-end")]);
    },
    expect: { facts: { last: ["piece", "exchange-end", "call-end"], codes: [null, null] } },
    hint: "check that leaving a loop is no failure",
  }),
  defineCase({
    id: "session/trace/resend",
    title:
      "a request that is sent again on another connection must be told so, within its exchange",
    level: "must",
    spec: ["RFC 9110 §9.2.2"],
    requires: { failureDetail: "phased", connectionInfo: "exposed", connectTimeout: "exact" },
    otherwise: expects({ facts: { before: true }, arrivals: oneOf(2, 3) }),
    origin: [ok, close(), { ...ok, repeats: true }],
    async perform(kit) {
      const { session, events } = traced(kit);
      await kit.observe(() => session.get("a"), read.text);
      kit.note("before", events.at(-1)?.type === "call-end");
      events.length = 0;
      await kit.observe(() => session.get("b"), read.text);
      noteTypes(kit, events);
      kit.note("code", codeIn(events, "resend"));
    },
    expect: {
      arrivals: 3,
      facts: {
        before: true,
        call: callTypes,
        "exchange 1": [
          ...begins,
          "connected",
          "sent",
          "resend",
          ...connects,
          "sent",
          "head",
          "piece",
          "exchange-end",
        ],
        code: "ERR_DISCONNECTED_IDLE",
      },
    },
    hint: "check that the repetition does not happen in silence",
  }),
  ...(["throws", "rejects"] as const).map((how) =>
    defineCase({
      id: `session/trace/tracer-that-${how}`,
      title: `a tracer that ${how} must change nothing`,
      level: "must",
      origin: { a: [ok], b: [respond(404, [], "no")] },
      async perform(kit) {
        let told = 0;
        const trace = (): Promise<void> | void => {
          told++;
          if (how === "rejects") return Promise.reject(new Error("the tracer's own"));
          throw new Error("the tracer's own");
        };
        const session = kit.makeSession({ trace });
        const seen = [
          await kit.observe(() => session.get("a"), read.text),
          await kit.observe(() => session.get("b"), read.text),
        ];
        kit.note("told", told > 8);
        kit.note("active", session.stats.active);
        return seen;
      },
      expect: {
        calls: [{ status: 200, content: "ok" }, { error: { code: "ERR_STATUS" } }],
        facts: { told: true, active: 0 },
      },
      hint: "check that what a listener throws goes nowhere",
    }),
  ),
  ...instants.map((instant) =>
    defineCase({
      id: `session/trace/abort-at-${instant}`,
      title: `an abort by the tracer itself (${instant}) must end the call and free its slot`,
      level: "must",
      catalogue: ["V-LK-02"],
      ...(instant === "piece" && {
        requires: { responseStreaming: "streamed" },
        otherwise: expects(abortedAtInstant, { origin: { a: [always(ok)], b: [ok] } }),
      }),
      origin: { a: [always(open)], b: [ok] },
      async perform(kit) {
        const controller = new AbortController();
        const events: TraceEvent[] = [];
        const session = kit.makeSession({
          limits: { concurrency: 1 },
          trace(event: TraceEvent) {
            events.push(event);
            if (event.type === instant) controller.abort("enough");
          },
        });
        const { signal } = controller;
        const first = await kit.observe(() => session.get("a", { signal }), read.text);
        kit.note("code", first.error?.code);
        const own = events.map(({ type }) => type);
        kit.note("ended", [own.at(-1), codeIn(events, "call-end"), session.stats.active]);
        events.length = 0;
        return kit.observe(() => session.get("b"), read.text);
      },
      expect: abortedAtInstant,
      hint: "check that whoever is told may end the call before the next line runs",
    }),
  ),
];
