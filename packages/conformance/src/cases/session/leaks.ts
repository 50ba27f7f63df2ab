/* What is left over by calls that nobody finishes (ids `session/leaks/…`): no slot, no socket, no second rejection. */

import {
  aborted,
  afterContent,
  always,
  call,
  type Call,
  type Case,
  chunk,
  content,
  defineCase,
  expects,
  filler,
  gate,
  head,
  matching,
  oneOf,
  pause,
  raw,
  read,
  repeat,
  respond,
  type Script,
  secure,
  sendFiller,
  sequence,
  stall,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const one = { limits: { concurrency: 1, perOrigin: 1 } };
/** For what a platform may wait for more of; `transport/heads` says that it must not. */
const bounded = { timeout: 3000 };
const chunked = head(200, [["transfer-encoding", "chunked"]]);
const flood = sequence(
  afterContent(),
  head(200, [["content-length", "50000000"]]),
  sendFiller(50_000_000),
);

/** Calls that end in the middle; each leaves a connection that cannot be used, and a slot that must be free. */
const unfinished: readonly (readonly [name: string, how: string, first: Call, origin: Script])[] = [
  ["garbage", "a response that is none", call("GET", "a", bounded), [sequence(raw("nonsense\r\n\r\n"), gate("never")), ok]],
  ["bad-chunks", "chunks that are none", call("GET", "a"), [sequence(chunked, chunk("a"), content("zz\r\n"), gate("never")), ok]],
  ["a-large-head", "a head that is too large", call("GET", "a", bounded), [sequence(raw("HTTP/1.1 200 OK\r\nx-a: "), repeat("x".repeat(1000), 1000), gate("never")), ok]],
  ["an-upgrade", "an upgrade", call("GET", "a"), [sequence(head(101, [["connection", "upgrade"], ["upgrade", "x"]]), gate("never")), ok]],
  ["bad-json", "content that is no JSON", call("GET", "a", {}, read.json), [respond(200, [], "{"), ok]],
  ["a-bad-coding", "content that cannot be decoded", call("GET", "a"), [respond(200, [["content-encoding", "gzip"]], "nonsense"), ok]],
  ["content-too-large", "content that is too large", call("GET", "a", { maxResponseSize: 1000 }), [flood, ok]],
  ["a-redirect-loop", "too many redirects", call("GET", "a", { redirect: { max: 1 } }), [respond(302, [["location", "a"]]), respond(302, [["location", "a"]]), ok]],
  ["a-redirect-with-a-flood", "a redirect with endless content", call("GET", "a"), [sequence(head(302, [["location", "b"], ["content-length", "50000000"]]), sendFiller(50_000_000)), ok, ok]],
  ["an-unread-error-status", "an error status with endless content", call("GET", "a"), [sequence(head(500, [["content-length", "50000000"]]), sendFiller(50_000_000)), ok]],
  ["an-abort-with-the-head", "an abort when the head has come", aborted(call("GET", "a"), "head"), [flood, ok]],
  ["an-abort-in-the-content", "an abort between two pieces", aborted(call("GET", "a", {}, read.pieces), "piece"), [flood, ok]],
  ["a-silence", "content that stalls", call("GET", "a", { timeout: { read: 150 } }), [sequence(head(200, [["content-length", "10"]]), content("12345"), stall()), ok]],
]; // prettier-ignore

/** Cases of `session/leaks`. */
export const leakCases: readonly Case[] = [
  ...unfinished.map(([name, how, first, origin]) =>
    defineCase({
      id: `session/leaks/slot-is-free-after-${name}`,
      title: `${how} must free the slot, and leave the next call alone`,
      level: "must",
      catalogue: ["V-LK-03", "F-POL-02"],
      session: one,
      origin,
      async perform(kit) {
        await kit.call(first);
        return kit.call(call("GET", "next", { timeout: 4000 }));
      },
      expect: fine,
      hint: "check that each end of an exchange gives its slot and its connection back, once",
    }),
  ),
  ...[1, 5].map((width) =>
    defineCase({
      id: `session/leaks/left-after-the-first-piece-by-${width}`,
      title: `calls left after their first piece, ${width} at once, must make room for the next ones`,
      level: "must",
      catalogue: ["V-LK-03"],
      session: { limits: { concurrency: width, perOrigin: width } },
      origin: [
        ...Array.from({ length: width }, () => flood),
        ...Array.from({ length: width }, () => ok),
      ],
      async perform(kit) {
        const leave = async (): Promise<void> => {
          for await (const piece of await kit.session.get("a")) if (piece.length > 0) break;
        };
        const left = Promise.all(Array.from({ length: width }, leave));
        await kit.within(5000, left, "the first pieces");
        return Promise.all(Array.from({ length: width }, () => kit.call(call("GET", "b"))));
      },
      expect: { calls: Array.from({ length: width }, () => fine) },
      hint: "check that leaving a loop cancels the content",
    }),
  ),
  defineCase({
    id: "session/leaks/no-certificate",
    title: "a certificate that is refused must free the slot",
    level: "must",
    catalogue: ["V-LK-03", "F-CON-04"],
    session: { ...one, allowOtherOrigins: true },
    doors: { expired: secure("expired") },
    origin: { never: [always(stall())], next: [ok] },
    async perform(kit) {
      const { error } = await kit.call(call("GET", "{expired}a"));
      kit.note("code", error?.code);
      return kit.call(call("GET", "next"));
    },
    expect: { ...fine, facts: { code: matching(/^ERR_(?:TLS_|NETWORK)/) } },
    hint: "check that a connection that was never made is counted out",
  }),
  defineCase({
    id: "session/leaks/two-hundred-unfinished-calls",
    title: "two hundred calls that fail in the middle must leave no connection behind",
    level: "must",
    catalogue: ["V-LK-03", "V-LK-01"],
    session: { limits: { concurrency: 5, perOrigin: 5 } },
    origin: {
      a: [
        always(head(200, [["content-length", "10"]]), content("12345"), {
          steps: [{ do: "close" }],
        }),
      ],
      b: [always(respond(200, [], "ok"))],
    },
    async perform(kit) {
      const calls = Array.from({ length: 200 }, () => kit.call(call("GET", "a")));
      const failed = (await Promise.all(calls)).filter(({ error }) => error !== undefined);
      const last = await kit.call(call("GET", "b"));
      const { connections } = await kit.origin.ledger();
      kit.note("failed", failed.length);
      kit.note("open", connections.filter(({ closed }) => closed === null).length);
      return last;
    },
    expect: { ...fine, facts: { failed: 200, open: oneOf(0, 1) } },
    hint: "check that a connection which broke is neither kept nor waited for",
  }),
  defineCase({
    id: "session/leaks/consumer-that-throws",
    title: "what the body of a loop over content throws must come out of it, and nowhere else",
    level: "must",
    catalogue: ["V-LK-02"],
    session: one,
    origin: [flood, ok],
    async perform(kit) {
      const own = new Error("the caller's own");
      const loop = async (): Promise<unknown> => {
        for await (const piece of await kit.session.get("a")) if (piece.length > 0) throw own;
        return null;
      };
      const thrown = await loop().catch((error: unknown) => error);
      kit.note("same", thrown === own);
      return kit.call(call("GET", "b"));
    },
    expect: { ...fine, facts: { same: true } },
    hint: "check that the iterator's return() cancels the content",
  }),
  ...(["called", "arrived", "head", "piece"] as const).map((when) =>
    defineCase({
      id: `session/leaks/nobody-awaits-an-abort-${when}`,
      title: `an abort (${when}) while nobody awaits content, trailers or the call must not surface`,
      level: "must",
      catalogue: ["V-LK-02"],
      origin: {
        a: [always(head(200, [["content-length", "10"]]), content("1"), stall())],
        b: [ok],
      },
      async perform(kit) {
        const controller = new AbortController();
        const calling = kit.session.get("a", { signal: controller.signal });
        if (when === "called") controller.abort("enough");
        if (when === "arrived") await kit.origin.arrived(1);
        if (when === "head" || when === "piece") {
          const response = await kit.within(5000, calling, "the head");
          void response.trailers;
          // A stream that is locked and never read.
          if (when === "piece") void response.body.getReader();
        }
        controller.abort("enough");
        return kit.call(call("GET", "b"));
      },
      expect: { ...fine, arrivals: oneOf(1, 2) },
      hint: "check that promises which nobody asked for are handled",
    }),
  ),
  defineCase({
    id: "session/leaks/abort-in-a-middleware",
    title: "an abort within a middleware must reject the call once, with its reason",
    level: "must",
    catalogue: ["V-LK-02", "F-ABT-01"],
    origin: [ok],
    async perform(kit) {
      const controller = new AbortController();
      const options = {
        signal: controller.signal,
        middleware: [
          (request: unknown, next: (request: unknown) => Promise<unknown>) => {
            controller.abort("enough");
            return next(request);
          },
        ],
      };
      const session = kit.makeSession({ middleware: options.middleware });
      const first = await kit.observe(() => session.get("a", { signal: controller.signal }));
      return [first, await kit.call(call("GET", "b"))];
    },
    expect: { calls: [{ error: { code: "ERR_ABORTED", cause: "enough" } }, fine] },
    hint: "check that the call has ended for whatever the middleware still does",
  }),
  defineCase({
    id: "session/leaks/slow-consumer-and-a-lost-connection",
    title:
      "content that came before its connection was lost must be delivered to a slow reader, then the error",
    level: "must",
    catalogue: ["F-BOD-06", "V-LK-01"],
    requires: { responseStreaming: "streamed" },
    // Content that does not become whole is none.
    otherwise: expects({
      facts: { seen: oneOf([0, "ERR_CONTENT_TRUNCATED"], [0, "ERR_NETWORK"]) },
    }),
    origin: [
      sequence(head(200, [["content-length", "100000"]]), content(filler(50_000)), {
        steps: [{ do: "close" }],
      }),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      let size = 0;
      let code: unknown = null;
      try {
        for await (const piece of response) {
          size += piece.length;
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
      } catch (error) {
        ({ code } = error as { code: unknown });
      }
      kit.note("seen", [size, code]);
    },
    expect: { facts: { seen: oneOf([50_000, "ERR_CONTENT_TRUNCATED"], [50_000, "ERR_NETWORK"]) } },
    hint: "check that what was buffered is neither lost nor delivered after the error",
  }),
  defineCase({
    id: "session/leaks/paused-at-a-good-end",
    title: "content whose connection ends well while its reader pauses must be delivered whole",
    level: "must",
    catalogue: ["F-BOD-06"],
    origin: [sequence(head(200), content(filler(200_000)), pause(0), { steps: [{ do: "close" }] })],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      let size = 0;
      for await (const piece of response) {
        if (size === 0) await new Promise((resolve) => setTimeout(resolve, 150));
        size += piece.byteLength;
      }
      kit.note("size", size);
    },
    expect: { facts: { size: 200_000 } },
    hint: "check that no tail is lost when the connection ends before it was read",
  }),
];
