/* Server-sent events over real connections: how they come, end, and are asked for again (ids `session/events/…`). */

import type { EventSourceOptions, ServerSentEvent } from "@anyhttp/core";
import {
  afterContent,
  type Answer,
  between,
  bytes,
  call,
  type CallExpectation,
  type CallOptions,
  type Case,
  type CaseInit,
  chunk,
  close,
  defineCase,
  type Expectation,
  expects,
  gate,
  head,
  type Kit,
  lastChunk,
  oneOf,
  reset,
  respond,
  respondChunked,
  type Script,
  sequence,
  stall,
  utf8,
} from "../../case.ts";

const type = ["content-type", "text/event-stream"] as const;
const events = (...texts: readonly string[]): Answer =>
  respondChunked(200, [type], texts.map(utf8));
/** Begins a stream that lasts. */
const open = (...texts: readonly string[]): Answer =>
  sequence(
    afterContent(),
    head(200, [type, ["transfer-encoding", "chunked"]]),
    ...texts.map((text) => chunk(utf8(text))),
  );
const done = respond(204);
const next = respond(200, [], "next");
const thenNext = { status: 200, content: "next" };
const event = (data: string, lastEventId = "", name = "message"): ServerSentEvent => ({
  type: name,
  data,
  lastEventId,
});
const byClient = oneOf("client-fin", "client-reset");

/** What a loop over events came to: their data, and the code of its failure. */
interface Loop {
  readonly data: string[];
  error: { readonly code?: string; readonly cause?: unknown } | null;
}

/** Takes events of a call until they end, or `each` says that it is enough. */
async function loop(
  kit: Kit,
  options: EventSourceOptions = { reconnect: { delay: 10 } },
  { each, ...init }: CallOptions & { readonly each?: (data: string) => unknown } = {},
): Promise<Loop> {
  const seen: Loop = { data: [], error: null };
  try {
    for await (const { data } of kit.session.get("a", init).events(options)) {
      seen.data.push(data);
      if ((await each?.(data)) === "enough") break;
    }
  } catch (error) {
    seen.error = error as Loop["error"];
  }
  kit.note("data", seen.data);
  kit.note("error", seen.error?.code ?? null);
  return seen;
}

/** Where content comes whole, no event comes before all have. */
const whereWhole = (expect: Expectation, origin?: Script) => ({
  requires: { responseStreaming: "streamed" } as const,
  otherwise: expects(expect, origin ? { origin } : {}),
});

type Looped = Pick<CaseInit, "id" | "title" | "origin" | "hint"> &
  Partial<CaseInit> & {
    readonly data: readonly string[];
    readonly error?: string;
    readonly ids?: readonly (string | undefined)[];
  };

/** A case that takes events until they end. */
function looped({ data, error, ids, ...of }: Looped): Case {
  return defineCase({
    level: "must",
    spec: ["HTML §9.2.3"],
    perform: async (kit) => void (await loop(kit)),
    ...of,
    expect: {
      facts: { data, error: error ?? null },
      ...(ids
        ? {
            arrivals: ids.map((id) => ({
              path: "a",
              fields: { "last-event-id": id ?? oneOf(undefined) },
            })),
          }
        : {}),
      ...of.expect,
    },
  });
}

const wrong: readonly (readonly [name: string, what: string, answer: Answer, CallExpectation])[] = [
  [
    "text",
    "another type",
    respond(200, [["content-type", "text/plain"]], "data: a\n\n"),
    { status: 200, error: { code: "ERR_PARSE_EVENTS" } },
  ],
  [
    "no-type",
    "no type",
    respond(200, [], "data: a\n\n"),
    { status: 200, error: { code: "ERR_PARSE_EVENTS" } },
  ],
  [
    "json",
    "JSON",
    respond(200, [["content-type", "application/json"]], "{}"),
    { status: 200, error: { code: "ERR_PARSE_EVENTS" } },
  ],
  [
    "like-type",
    "a type that begins alike",
    respond(200, [["content-type", "text/event-streams"]], "data: a\n\n"),
    { status: 200, error: { code: "ERR_PARSE_EVENTS" } },
  ],
  [
    "201",
    "a 201",
    respond(201, [type], "data: a\n\n"),
    { status: 201, error: { code: "ERR_PARSE_EVENTS" } },
  ],
  [
    "206",
    "a 206",
    respond(206, [type], "data: a\n\n"),
    { status: 206, error: { code: "ERR_PARSE_EVENTS" } },
  ],
];

/** Cases of `session/events`. */
export const eventCases: readonly Case[] = [
  defineCase({
    id: "session/events/fields",
    title: "events have the type, the data and the last id that their fields say",
    level: "must",
    spec: ["HTML §9.2.6"],
    origin: [
      events(": a comment\n\nretry: 50\ndata: a\ndata: b\n\nevent: x\nid: 1\ndata:é\n\ndata\n\nevent: y\nid: 2\n\nid: 3\u0000\ndata:  d \nunknown: e\n\n", "data: lost\n"),
    ],
    perform: call("GET", "a", {}, async (response) => {
      const all: unknown[] = [];
      for await (const one of response.events()) all.push(one);
      return all;
    }),
    expect: {
      status: 200,
      content: [event("a\nb"), event("é", "1", "x"), event("", "1"), event(" d ", "2")],
    },
    hint: "check the fields one by one, and that an event without data is none",
  }),
  defineCase({
    id: "session/events/in-any-slices",
    title: "events are the same in octets one by one, with every end of a line, behind a byte order mark",
    level: "must",
    spec: ["HTML §9.2.5"],
    origin: [
      respondChunked(200, [type], "\xef\xbb\xbfdata: \xe2\x82\xac\r\n\r\ndata: b\rdata: c\r\rdata: d\n\n".split("")),
      respondChunked(200, [["content-type", "Text/Event-Stream; charset=iso-8859-1"]], [utf8("data: é\n"), "\n"]),
      respond(200, [type], `data: a${bytes(0xff)}\n\n`),
    ],
    perform: Array.from({ length: 3 }, () =>
      call("GET", "a", {}, async (response) => {
        const all: string[] = [];
        for await (const one of response.events()) all.push(one.data);
        return all;
      }),
    ),
    expect: {
      calls: [
        { status: 200, content: ["€", "b\nc", "d"] },
        { status: 200, content: ["é"] },
        { status: 200, content: ["a\uFFFD"] },
      ],
    },
    hint: "check that content is UTF-8 whatever its type says, and lines end as they may",
  }),
  defineCase({
    id: "session/events/as-they-come",
    title: "an event must be handed over as soon as its empty line has come",
    level: "must",
    spec: ["HTML §9.2.6"],
    requires: { responseStreaming: "streamed" },
    // Nothing comes before all of it has.
    otherwise: expects({ facts: { data: ["a", "b", "c"], error: null } }, { origin: [events("data: a\r\r", "data: b\n\n", "data: c\r\n\r\n")] }),
    origin: [sequence(open("data: a\r\r"), gate("b"), chunk("data: b\n\n"), gate("c"), chunk("data: c\r\n\r\n"), lastChunk())],
    async perform(kit) {
      await loop(kit, {}, { each: (data) => (data === "c" ? null : kit.origin.open(data === "a" ? "b" : "c")) });
    },
    expect: { facts: { data: ["a", "b", "c"], error: null } },
    hint: "check that nothing waits for what follows",
  }),
  ...wrong.flatMap(([name, what, answer, expected]) => [
    defineCase({
      id: `session/events/not-of-${name}`,
      title: `events of ${what} must be a ParseError, and leave no connection behind`,
      level: "must",
      spec: ["HTML §9.2.3"],
      session: { limits: { concurrency: 1 } },
      origin: [answer, next],
      perform: [
        call("GET", "a", {}, async (response) => response.events().next()),
        call("GET", "b"),
      ],
      expect: {
        calls: [{ ...expected, error: { name: "ParseError", phase: "parse", ...expected.error } }, thenNext],
      },
      hint: "check status and type before anything is read",
    }),
    looped({
      id: `session/events/not-again-after-${name}`,
      title: `events must not be asked for again when ${what} has come`,
      origin: [events("data: a\n\n"), answer],
      data: ["a"],
      error: "ERR_PARSE_EVENTS",
      ids: [undefined, undefined],
      hint: "check that what will not change is not tried again",
    }),
  ]),
  ...[400, 401, 404, 500, 503].map((status) =>
    looped({
      id: `session/events/not-again-after-${status}`,
      title: `events must not be asked for again after a ${status}`,
      origin: [events("data: a\n\n"), respond(status, [type], "data: b\n\n")],
      data: ["a"],
      error: "ERR_STATUS",
      ids: [undefined, undefined],
      hint: "check that only 200 goes on",
    }),
  ),
  looped({
    id: "session/events/again-behind-the-last",
    title: "events must be asked for again behind the last one, in UTF-8, until a 204",
    origin: [
      events("id: 1\ndata: a\n\nid: 2\ndata: lost\n"),
      events("data: b\n\n"),
      events("id: \u20ac\ndata: c\n\n"),
      events("id\ndata: d\n\n"),
      done,
    ],
    data: ["a", "b", "c", "d"],
    ids: [undefined, "1", "1", utf8("\u20ac"), undefined],
    hint: "check that an id outlives the connection, and that of an unfinished event does not count",
  }),
  looped({
    id: "session/events/again-after-a-loss",
    title: "events must be asked for again when the connection is lost",
    requires: { failureDetail: "phased" },
    otherwise: expects({ facts: { data: oneOf(["a", "b", "c"], ["c"]), error: null } }),
    origin: [
      sequence(open("id: 1\ndata: a\n\n"), gate("lost"), close()),
      sequence(open("id: 2\ndata: b\n\ndata: never\n"), gate("lost"), reset()),
      close(),
      events("id: 3\ndata: c\n\n"),
      done,
    ],
    async perform(kit) {
      // Content that does not become whole is none.
      const whole = kit.capabilities.responseStreaming === "whole";
      if (whole) await kit.origin.open("lost");
      const { data } = await loop(kit, { reconnect: { delay: 10 } }, { each: () => kit.origin.open("lost"), retry: false });
      kit.check(data.length === (whole ? 1 : 3), "no event that came is lost");
    },
    data: ["a", "b", "c"],
    ids: [undefined, "1", "2", "2", "3"],
    hint: "check that a loss in each phase is followed by another connection",
  }),
  looped({
    id: "session/events/not-again-unless-asked",
    title: "without reconnect events must end when the response does",
    origin: [events("retry: 1\nid: 1\ndata: a\n\n")],
    perform: async (kit) => void (await loop(kit, {})),
    data: ["a"],
    ids: [undefined],
    hint: "check that nothing is asked for twice unasked",
  }),
  looped({
    id: "session/events/again-with-the-call",
    title: "what is asked for again must be the call that was made: its method, content, fields and parameters",
    origin: [events("data: a\n\n"), done],
    async perform(kit) {
      const call2 = kit.session.post("a", { params: { q: 1 }, headers: { "x-own": "1", "last-event-id": "7" }, json: { a: 1 } });
      const data: string[] = [];
      for await (const one of call2.events({ reconnect: { delay: 10 } })) data.push(one.data);
      kit.note("data", data);
    },
    data: ["a"],
    expect: {
      facts: { data: ["a"] },
      arrivals: Array.from({ length: 2 }, () => ({
        method: "POST",
        path: "a?q=1",
        content: '{"a":1}',
        fields: { "x-own": "1", "last-event-id": "7" },
      })),
    },
    hint: "check that the first request is made anew",
  }),
  looped({
    id: "session/events/again-through-redirects",
    title: "each call for events must follow redirects anew, and take the last id along within its origin",
    origin: [respond(302, [["location", "b"]]), events("id: 1\ndata: a\n\n"), respond(302, [["location", "c"]]), events("data: b\n\n"), done],
    requires: { redirects: "visible" },
    otherwise: { kind: "not-applicable", capability: "redirects" },
    data: ["a", "b"],
    expect: {
      facts: { data: ["a", "b"], error: null },
      arrivals: [
        { path: "a" },
        { path: "b" },
        { path: "a", fields: { "last-event-id": "1" } },
        { path: "c", fields: { "last-event-id": "1" } },
        { path: "a", fields: { "last-event-id": "1" } },
      ],
    },
    hint: "check that it is the first URL that is asked again",
  }),
  looped({
    id: "session/events/holds-no-slot-between",
    title: "between two connections a call for events must hold no slot and no connection must be needed",
    session: { limits: { concurrency: 1 } },
    origin: [events("retry: 300\ndata: a\n\n"), next, events("data: b\n\n"), done],
    async perform(kit) {
      let other: unknown;
      const ask = async (): Promise<void> => {
        // The end of the response has come with the event, or comes soon.
        other = (await kit.call(call("GET", "b"))).content;
      };
      let asked: Promise<void> | undefined;
      await loop(kit, undefined, { each: () => void (asked ??= ask()) });
      await Promise.resolve(asked);
      kit.note("between", other);
    },
    data: ["a", "b"],
    expect: {
      facts: { data: ["a", "b"], error: null, between: "next" },
      arrivals: [{ path: "a" }, { path: "b" }, { path: "a" }, { path: "a" }],
    },
    hint: "check that the first call is over before the wait",
  }),
  looped({
    id: "session/events/retry-is-honoured",
    title: "events must be asked for again after the time that the server says, and no sooner",
    exclusive: true,
    origin: [events("retry: 400\nretry: nonsense\nretry: -1\ndata: a\n\n"), done],
    async perform(kit) {
      const began = performance.now();
      await loop(kit, { reconnect: { delay: 5 } });
      kit.note("after", performance.now() - began);
    },
    data: ["a"],
    expect: { facts: { data: ["a"], error: null, after: between(395, 3000) } },
    hint: "check that retry counts from the end of the connection",
  }),
  looped({
    id: "session/events/delay-grows",
    title: "the wait must grow with each connection in a row that brings no event",
    exclusive: true,
    origin: [events(""), events(""), events(""), events("data: a\n\n"), done],
    async perform(kit) {
      const began = performance.now();
      await loop(kit, { reconnect: { delay: 60, maxDelay: 100 } });
      kit.note("after", performance.now() - began);
    },
    data: ["a"],
    // 60, 100, 100, and 60 after the one that brought an event.
    expect: { facts: { data: ["a"], error: null, after: between(315, 3000) } },
    hint: "check that a server that is down is not asked as fast as can be",
  }),
  looped({
    id: "session/events/attempts-end",
    title: "after so many connections in a row without an event the loop must end as the last one did",
    // On new connections: what is lost on one that was used before, platforms try again by themselves.
    origin: [sequence(events("data: a\n\n"), close()), close(), close()],
    perform: async (kit) => void (await loop(kit, { reconnect: { delay: 100, attempts: 2 } }, { retry: false })),
    data: ["a"],
    expect: { facts: { data: ["a"], error: oneOf("ERR_DISCONNECTED", "ERR_DISCONNECTED_IDLE", "ERR_NETWORK") }, arrivals: 3 },
    hint: "check that attempts are counted from the last event",
  }),
  ...(
    [
      ["while-waiting-for-the-head", [sequence(afterContent(), stall())], 0],
      ["while-waiting-for-an-event", [sequence(open("data: a\n\n"), stall())], 1],
      ["while-waiting-for-the-next-connection", [events("retry: 60000\ndata: a\n\n")], 1],
    ] as const
  ).map(([name, origin, count]) =>
    looped({
      id: `session/events/abort-${name}`,
      title: `an abort must end the loop at once ${name.replaceAll("-", " ")}`,
      ...(name === "while-waiting-for-an-event" && whereWhole({ facts: { data: [], error: "ERR_ABORTED", cause: "enough" }, arrivals: 1 })),
      origin,
      async perform(kit) {
        const controller = new AbortController();
        void kit.origin.arrived(1).then(() => setTimeout(() => controller.abort("enough"), 100), () => undefined);
        const seen = loop(kit, { reconnect: { delay: 60_000 } }, { signal: controller.signal });
        const { error } = await kit.within(5000, seen, "the end of the loop");
        kit.note("cause", error?.cause);
      },
      data: ["a"].slice(0, count),
      expect: {
        facts: { data: ["a"].slice(0, count), error: "ERR_ABORTED", cause: "enough" },
        arrivals: 1,
      },
      hint: "check that the signal is heard in each phase",
    }),
  ),
  looped({
    id: "session/events/abort-in-the-loop",
    title: "a signal that has fired while the loop ran must end it, and nothing more must be asked for",
    origin: [events("data: a\n\n")],
    async perform(kit) {
      const controller = new AbortController();
      await loop(kit, undefined, { signal: controller.signal, each: () => controller.abort("enough") });
    },
    data: ["a"],
    expect: { facts: { data: ["a"], error: "ERR_ABORTED" }, arrivals: 1 },
    hint: "check the signal before another connection",
  }),
  looped({
    id: "session/events/leaving-closes",
    title: "whoever leaves the loop must close the connection, and is not connected again",
    ...whereWhole({ ...thenNext, facts: { data: ["a"], error: null } }, [events("data: a\n\ndata: b\n\n"), next]),
    origin: [sequence(open("data: a\n\ndata: b\n\n"), stall()), next],
    async perform(kit) {
      await loop(kit, undefined, { each: () => "enough" });
      return kit.call(call("GET", "b"));
    },
    data: ["a"],
    session: { limits: { concurrency: 1 } },
    expect: {
      ...thenNext,
      facts: { data: ["a"], error: null },
      arrivals: [{ path: "a" }, { path: "b" }],
      connections: [{ closed: byClient }, {}],
    },
    hint: "check that return() reaches the content",
  }),
  ...(["close", "force"] as const).map((how) =>
    looped({
      id: `session/events/${how === "force" ? "force-" : ""}close-while-waiting`,
      title: `close(${how === "force" ? "{ force: true }" : ""}) must end a loop that waits for its next connection`,
      origin: [events("retry: 60000\ndata: a\n\n")],
      async perform(kit) {
        const seen = loop(kit);
        await kit.origin.arrived(1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await kit.within(5000, kit.session.close({ force: how === "force" }), "close()");
        await kit.within(5000, seen, "the end of the loop");
      },
      data: ["a"],
      expect: { facts: { data: ["a"], error: "ERR_SESSION_CLOSED" }, arrivals: 1 },
      hint: "check that no timer outlives the session",
    }),
  ),
  looped({
    id: "session/events/silence-is-a-timeout",
    title: "silence beyond the read timeout must be followed by another connection",
    ...whereWhole({ facts: { data: ["b"], error: null }, arrivals: 3 }),
    origin: [sequence(open("id: 1\ndata: a\n\n"), stall()), events("data: b\n\n"), done],
    perform: async (kit) => void (await loop(kit, undefined, { timeout: { read: 200 } })),
    data: ["a", "b"],
    ids: [undefined, "1", "1"],
    hint: "check that a timeout that may pass is no end",
  }),
  looped({
    id: "session/events/total-is-the-end",
    title: "the total timeout of a call must end its events",
    ...whereWhole({ facts: { data: [], error: "ERR_TIMEOUT_TOTAL" }, arrivals: 1 }),
    origin: [sequence(open("data: a\n\n"), stall())],
    perform: async (kit) => void (await loop(kit, undefined, { timeout: { total: 300 } })),
    data: ["a"],
    error: "ERR_TIMEOUT_TOTAL",
    expect: { facts: { data: ["a"], error: "ERR_TIMEOUT_TOTAL" }, arrivals: 1 },
    hint: "check that a limit which the caller has set is not got around",
  }),
  looped({
    id: "session/events/bounded",
    title: "an event and a line without end must be ended by their limit",
    ...whereWhole({ facts: { codes: ["ERR_CONTENT_TOO_LARGE", "ERR_CONTENT_TOO_LARGE"] } }, [
      events(...Array.from({ length: 40 }, () => "data: 0123456789\n")),
      events(...Array.from({ length: 40 }, () => "data: 0123456789")),
    ]),
    origin: [
      sequence(open(), ...Array.from({ length: 40 }, () => chunk("data: 0123456789\n")), stall()),
      sequence(open(), ...Array.from({ length: 40 }, () => chunk("data: 0123456789")), stall()),
    ],
    async perform(kit) {
      const codes: unknown[] = [];
      for (let i = 0; i < 2; i++) codes.push((await loop(kit, { maxLength: 200 })).error?.code);
      kit.note("codes", codes);
    },
    data: [],
    expect: { facts: { codes: ["ERR_CONTENT_TOO_LARGE", "ERR_CONTENT_TOO_LARGE"] }, connections: [{ closed: byClient }, { closed: byClient }] },
    hint: "check that what never ends is counted",
  }),
  looped({
    id: "session/events/wrong-options",
    title: "wrong options of events must be refused, and free the call's slot",
    session: { limits: { concurrency: 1 } },
    origin: [events("data: a\n\n"), events("data: a\n\n"), events("data: a\n\n"), next],
    async perform(kit) {
      const codes: unknown[] = [];
      for (const options of [{ reconnect: 5 }, { reconect: true }, { reconnect: { delay: -1 } }])
        codes.push((await loop(kit, options as EventSourceOptions)).error?.code);
      kit.note("codes", codes);
      return kit.call(call("GET", "b"));
    },
    data: [],
    expect: {
      ...thenNext,
      facts: { codes: ["ERR_INVALID_OPTION", "ERR_INVALID_OPTION", "ERR_INVALID_OPTION"] },
    },
    hint: "check that options are looked at before events are",
  }),
]; // prettier-ignore
