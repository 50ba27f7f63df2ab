/* The trace of calls that go well: which events there are, in which order (ids `session/trace/…`). */

import type { TraceEvent } from "@anyhttp/core";
import {
  type Case,
  defineCase,
  expects,
  gate,
  matching,
  notApplicable,
  plain,
  read,
  respond,
  satisfying,
  secure,
  sequence,
} from "../../case.ts";
import { callTypes, codeIn, exchangeTypes, noteTypes, traced, typesOf } from "./traced.ts";

const { begins, connects, ends } = exchangeTypes;
const exact = { connectTimeout: "exact" } as const;
const merged = [...begins, ...ends];
const ok = respond(200, [], "ok");
const once = (first: readonly string[]): Record<string, unknown> => ({
  call: callTypes,
  "exchange 1": first,
});

/** By what the connection is like. */
const connections = [
  ["plain-address", "an address", plain(), connects],
  ["host-name", "a name", plain({ host: "localhost" }), ["connecting", "resolved", "opened", "connected"]],
  ["tls", "TLS", secure(), ["connecting", "resolved", "opened", "secured", "connected"]],
] as const; // prettier-ignore

const connectionCases = connections.map(([name, what, door, steps]) =>
  defineCase({
    id: `session/trace/new-connection-${name}`,
    title: `a call on a new connection (${what}) must tell each step once, in order`,
    level: "must",
    requires: exact,
    otherwise: expects({ status: 200, facts: once(merged) }),
    doors: { main: door },
    origin: [ok],
    async perform(kit) {
      const { session, events } = traced(kit);
      const seen = await kit.observe(() => session.get("a"), read.text);
      noteTypes(kit, events);
      return seen;
    },
    expect: { status: 200, content: "ok", facts: once([...begins, ...steps, ...ends]) },
    hint: "check that trace.mark is called for each step that this connection has, and no other",
  }),
);

/** Cases of `session/trace` about calls that go well. */
export const traceCases: readonly Case[] = [
  ...connectionCases,
  defineCase({
    id: "session/trace/reused-connection",
    title: "a call on a kept-alive connection must tell that, and no step of connecting",
    level: "must",
    requires: exact,
    otherwise: expects({ calls: [{ status: 200 }, { status: 200 }], facts: once(merged) }),
    origin: [ok, ok],
    async perform(kit) {
      const { session, events } = traced(kit);
      const first = await kit.observe(() => session.get("a"), read.text);
      events.length = 0;
      const second = await kit.observe(() => session.get("b"), read.text);
      noteTypes(kit, events);
      kit.note("reused", events.find(({ type }) => type === "connected")?.["reused" as "type"]);
      return [first, second];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      facts: { ...once([...begins, "connected", ...ends]), reused: true },
      connections: 1,
    },
    hint: "check what trace.connected says of a connection that has served before",
  }),
  defineCase({
    id: "session/trace/without-content",
    title: "a response without content must end without a piece",
    level: "must",
    requires: exact,
    otherwise: expects({ status: 204, facts: once([...begins, "sent", "head", "exchange-end"]) }),
    origin: [respond(204)],
    async perform(kit) {
      const { session, events } = traced(kit);
      const seen = await kit.observe(() => session.delete("a"), read.text);
      noteTypes(kit, events);
      return seen;
    },
    expect: {
      status: 204,
      facts: once([...begins, ...connects, "sent", "head", "exchange-end"]),
    },
    hint: "check that content of no octets is told to be over, and nothing else",
  }),
  defineCase({
    id: "session/trace/facts",
    title: "each event must carry its own facts: status, octets on the wire, the time waited",
    level: "must",
    origin: [respond(201, [], "12345")],
    async perform(kit) {
      const { session, events } = traced(kit);
      const seen = await kit.observe(() => session.post("a?x=1", { body: "x" }), read.text);
      const facts = (type: TraceEvent["type"]): Record<string, unknown> => ({
        ...events.findLast((event) => event.type === type),
      });
      kit.note("status", facts("head")["status"]);
      kit.note("bytes", facts("exchange-end")["bytes"]);
      kit.note("error", [codeIn(events, "exchange-end"), codeIn(events, "call-end")]);
      kit.note("waited", facts("granted")["waited"]);
      kit.note(
        "of",
        new Set(events.map(({ method, url, attempt }) => `${method} ${url} ${attempt}`)),
      );
      kit.note(
        "ordered",
        events.every(({ time }, i) => time >= (events[i - 1]?.time ?? 0)),
      );
      return seen;
    },
    expect: {
      status: 201,
      facts: {
        status: 201,
        bytes: 5,
        error: [null, null],
        waited: satisfying("a time", (value) => typeof value === "number" && value >= 0),
        of: satisfying(
          "one method, URL and attempt",
          (value) =>
            value instanceof Set &&
            value.size === 1 &&
            /^POST http:\S+a\?x=1 1$/.test([...value].join()),
        ),
        ordered: true,
      },
    },
    hint: "check what is told with each event",
  }),
  defineCase({
    id: "session/trace/plain-data",
    title: "events must be plain data that JSON carries",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin: [respond(302, [["location", "b"]]), respond(503), ok],
    async perform(kit) {
      const { session, events } = traced(kit, { retry: { attempts: 2, backoff: 1 } });
      const seen = await kit.observe(() => session.get("a"), read.text);
      kit.note(
        "same",
        JSON.stringify(JSON.parse(JSON.stringify(events))) === JSON.stringify(events),
      );
      const complete = (event: TraceEvent): boolean =>
        ["time", "call", "exchange", "method", "url", "attempt", "type"].every(
          (name) => name in event,
        );
      kit.note("complete", events.every(complete));
      const { call } = events[0] as TraceEvent;
      kit.note(
        "one call",
        events.every((event) => event.call === call),
      );
      return seen;
    },
    expect: { status: 200, facts: { same: true, complete: true, "one call": true } },
    hint: "check that no event holds what JSON cannot carry",
  }),
  defineCase({
    id: "session/trace/redirect",
    title: "a redirect must be told between its two exchanges, with where it came from",
    level: "must",
    requires: { ...exact, redirects: "visible" },
    otherwise: expects({ status: 200, facts: { first: "call-begin", last: "call-end" } }),
    origin: [respond(302, [["location", "b"]]), ok],
    async perform(kit) {
      const { session, events } = traced(kit);
      const seen = await kit.observe(() => session.get("a?token=secret"), read.text);
      noteTypes(kit, events);
      kit.note("first", events[0]?.type);
      kit.note("last", events.at(-1)?.type);
      const at = events.findIndex(({ type }) => type === "redirect");
      kit.note("around", typesOf(events.slice(at - 1, at + 2)));
      const told = events[at];
      if (told?.type === "redirect") kit.note("redirect", [told.status, told.from, told.url]);
      return seen;
    },
    expect: {
      status: 200,
      facts: {
        call: ["call-begin", "redirect", "call-end"],
        "exchange 1": [...begins, ...connects, "sent", "head", "exchange-end"],
        "exchange 2": [...begins, "connected", ...ends],
        around: ["exchange-end", "redirect", "exchange-begin"],
        redirect: [302, "{main}a?token=[redacted]", "{main}b"],
      },
    },
    hint: "check where redirects are followed, and what is told of them",
  }),
  defineCase({
    id: "session/trace/retry",
    title:
      "a retry must be told, with what there was instead of an answer, and counted in the events after it",
    level: "must",
    origin: [respond(503), ok],
    async perform(kit) {
      const { session, events } = traced(kit, { retry: { attempts: 2, backoff: 1 } });
      const seen = await kit.observe(() => session.get("a"), read.text);
      noteTypes(
        kit,
        events.filter(({ exchange }) => exchange === null),
      );
      const told = events.find(({ type }) => type === "retry");
      if (told?.type === "retry") kit.note("retry", [told.status, told.error, told.attempt]);
      const begun = events.filter(({ type }) => type === "exchange-begin");
      kit.note(
        "begun",
        begun.map(({ exchange, attempt }) => [exchange, attempt]),
      );
      return seen;
    },
    expect: {
      status: 200,
      facts: {
        call: ["call-begin", "retry", "call-end"],
        retry: [503, null, 1],
        begun: [
          [1, 1],
          [2, 2],
        ],
      },
    },
    hint: "check that each attempt has its number",
  }),
  defineCase({
    id: "session/trace/queue",
    title: "an exchange that waits for its slot must tell so, and for how long it has waited",
    level: "must",
    origin: { a: [sequence(gate("go"), ok)], b: [ok] },
    async perform(kit) {
      const { session, events } = traced(kit, { limits: { concurrency: 1 } });
      const first = kit.observe(() => session.get("a"), read.text);
      await kit.origin.arrived(1);
      const second = kit.observe(() => session.get("b"), read.text);
      const waiting = (): readonly TraceEvent[] => events.filter(({ url }) => url.endsWith("b"));
      kit.note("meanwhile", typesOf(waiting()));
      // A clock may be coarse.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await kit.origin.open("go");
      const seen = [await first, await second];
      kit.note("later", typesOf(waiting()).slice(0, 4));
      const granted = events.filter(({ type }) => type === "granted");
      const [none, some] = granted.map((event) => (event.type === "granted" ? event.waited : NaN));
      kit.note("longer", Number(some) > Number(none));
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      facts: {
        meanwhile: ["call-begin", "exchange-begin", "queued"],
        later: ["call-begin", "exchange-begin", "queued", "granted"],
        longer: true,
      },
    },
    hint: "check that whoever waits is told of before anything else happens to the exchange",
  }),
  defineCase({
    id: "session/trace/calls-at-once",
    title: "events of calls under way at once must be told apart by the number of their call",
    level: "must",
    origin: {
      a: [sequence(gate("go"), ok)],
      b: [sequence(gate("go"), ok)],
      c: [sequence(gate("go"), ok)],
    },
    async perform(kit) {
      const { session, events } = traced(kit);
      const calls = ["a", "b", "c"].map((url) => kit.observe(() => session.get(url), read.text));
      await kit.origin.arrived(3);
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      const groups = [...Map.groupBy(events, ({ call }) => call).values()];
      kit.note("calls", groups.length);
      kit.note(
        "urls",
        groups.map((group) => new Set(group.map(({ url }) => url)).size),
      );
      kit.note(
        "whole",
        groups.map((group) => [group[0]?.type, group.at(-1)?.type].join(" ")),
      );
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { calls: 3, urls: [1, 1, 1], whole: Array(3).fill("call-begin call-end") },
    },
    hint: "check which call an event is of",
  }),
  defineCase({
    id: "session/trace/middleware-asks-twice",
    title: "the exchanges of one call must be told apart by their number, those at once as well",
    level: "must",
    // What is dropped has no content, which might come when the call is over.
    origin: { a: [sequence(gate("go"), ok)], b: [sequence(gate("go"), respond(204))] },
    async perform(kit) {
      const { session, events } = traced(kit, {
        middleware: [
          async (request: never, next: (request: never) => Promise<{ discard(): void }>) => {
            const other = next((request as { with(changes: object): never }).with({ url: "b" }));
            const [answer, dropped] = await Promise.all([next(request), other]);
            dropped.discard();
            return answer;
          },
        ],
      });
      const calling = kit.observe(() => session.get("a"), read.text);
      await kit.origin.arrived(2);
      await kit.origin.open("go");
      const seen = await calling;
      const begun = events.filter(({ type }) => type === "exchange-begin");
      kit.note(
        "begun",
        begun.map(({ exchange, url }) => `${exchange} ${url.slice(-1)}`),
      );
      kit.note("ended", typesOf(events).filter((type) => type === "exchange-end").length);
      kit.note("last", events.at(-1)?.type);
      return seen;
    },
    expect: {
      status: 200,
      facts: { begun: ["1 b", "2 a"], ended: 2, last: "call-end" },
    },
    hint: "check which exchange an event is of",
  }),
  defineCase({
    id: "session/trace/no-secrets",
    title: "no event may show credentials, whatever becomes of the call",
    level: "must",
    origin: [
      respond(
        401,
        [
          ["www-authenticate", "Basic"],
          ["set-cookie", "sid=hush"],
        ],
        "hush",
      ),
    ],
    async perform(kit) {
      const { session, events } = traced(kit);
      const headers = { "x-api-key": "hush", authorization: "Bearer hush" };
      const options = { headers, json: { password: "hush" }, params: { token: "hush" } };
      const seen = await kit.observe(() => session.post("a#hush", options), read.text);
      kit.note("told", events.length > 4);
      kit.note("shown", JSON.stringify(events).includes("hush"));
      return seen;
    },
    expect: {
      error: { code: "ERR_STATUS", message: matching(/401/) },
      facts: { told: true, shown: false },
    },
    hint: "check that URLs are redacted before they are told",
  }),
];
