/* What a signal is to a call: its reason is kept as it is, one may serve many calls, and none is held on to. */

import {
  aborted,
  call,
  type Case,
  defineCase,
  lacking,
  respond,
  sequence,
  gate,
  stall,
} from "../../case.ts";

/** A signal that counts who listens to it. */
function counted(signal: AbortSignal): { readonly listeners: number } {
  const counts = { listeners: 0 };
  const { prototype } = EventTarget;
  Object.assign(signal, {
    addEventListener(...args: Parameters<EventTarget["addEventListener"]>) {
      counts.listeners++;
      prototype.addEventListener.apply(signal, args);
    },
    removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>) {
      counts.listeners--;
      prototype.removeEventListener.apply(signal, args);
    },
  });
  return counts;
}

/** Cases of `session/abort` about signals. */
export const abortSignalCases: readonly Case[] = [
  defineCase({
    id: "session/abort/reason-identity",
    title: "the cause of an AbortError must be the signal's own reason, the very same object",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [stall()],
    async perform(kit) {
      const reason = { nothing: "but itself" };
      const seen = await kit.call(aborted(call("GET", "a"), "arrived", reason));
      kit.note("same", (seen.error?.error as Error | undefined)?.cause === reason);
      return seen;
    },
    expect: { error: { name: "AbortError", code: "ERR_ABORTED" }, facts: { same: true } },
    hint: "check that the reason is passed on, not wrapped or made into text",
  }),
  defineCase({
    id: "session/abort/default-reason",
    title: "a signal that fires without a reason must reject with an AbortError all the same",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [stall()],
    async perform(kit) {
      const controller = new AbortController();
      const seen = kit.call(call("GET", "a", { signal: controller.signal }));
      await kit.origin.arrived(1);
      controller.abort();
      const { error } = await seen;
      kit.note("same", (error?.error as Error | undefined)?.cause === controller.signal.reason);
      return seen;
    },
    expect: { error: { name: "AbortError", code: "ERR_ABORTED" }, facts: { same: true } },
    hint: "check that the platform's own DOMException does not escape in place of the AbortError",
  }),
  defineCase({
    id: "session/abort/timeout-signal",
    title: "a signal of AbortSignal.timeout must abort as any other does",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [stall()],
    perform: call("GET", "a", () => ({ signal: AbortSignal.timeout(150) })),
    expect: { error: { name: "AbortError", code: "ERR_ABORTED", fields: { limit: undefined } } },
    hint: "check that an abort is an abort, whatever its reason is called",
  }),
  defineCase({
    id: "session/abort/after-the-end",
    title: "an abort after the end of a call must be without effect",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [respond(200, [], "first"), respond(200, [], "second")],
    async perform(kit) {
      const controller = new AbortController();
      const first = await kit.call(call("GET", "a", { signal: controller.signal }));
      controller.abort("too late");
      return [first, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [
        { status: 200, content: "first" },
        { status: 200, content: "second" },
      ],
      connections: [{ closed: lacking("client") }],
    },
    requires: { connectionInfo: "exposed" },
    otherwise: {
      kind: "expects",
      expect: { calls: [{ status: 200 }, { status: 200, content: "second" }] },
    },
    hint: "check that the signal is let go when the content has ended",
  }),
  defineCase({
    id: "session/abort/no-listener-is-left",
    title: "no listener must be left on a signal, however the calls ended",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [respond(200, [], "ok"), respond(500), respond(200, [], "unread"), stall()],
    async perform(kit) {
      const controller = new AbortController();
      const { signal } = controller;
      const counts = counted(signal);
      const seen = [
        await kit.call(call("GET", "a", { signal })),
        await kit.call(call("GET", "b", { signal })),
        await kit.call(call("GET", "c", { signal }, "discard")),
        await kit.call(call("GET", "d", { signal, timeout: 150 })),
        await kit.call(call("GET", "e", { signal, timeout: -1 })),
      ];
      kit.note("listeners", counts.listeners);
      controller.abort();
      return seen;
    },
    expect: {
      calls: [
        { status: 200 },
        { error: { code: "ERR_STATUS" } },
        { status: 200 },
        { error: { code: "ERR_TIMEOUT_TOTAL" } },
        { error: { code: "ERR_INVALID_OPTION" } },
      ],
      facts: { listeners: 0 },
    },
    hint: "check that each way out of a call lets the signal go",
  }),
  defineCase({
    id: "session/abort/one-signal-for-many-calls",
    title: "a signal that many calls share must end them all",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: {
      a: [sequence(gate("never"), respond(200))],
      b: [sequence(gate("never"), respond(200))],
      c: [sequence(gate("never"), respond(200))],
    },
    async perform(kit) {
      const controller = new AbortController();
      const { signal } = controller;
      const calls = ["a", "b", "c"].map((path) => kit.call(call("GET", path, { signal })));
      await kit.origin.arrived(3);
      controller.abort("enough");
      return kit.within(1000, Promise.all(calls), "all calls to settle");
    },
    expect: {
      calls: Array.from({ length: 3 }, () => ({
        error: { code: "ERR_ABORTED", cause: "enough" },
      })),
    },
    hint: "check that each call listens for itself",
  }),
  defineCase({
    id: "session/abort/not-a-signal",
    title: "a signal that is none must be refused before anything is sent",
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: [respond(200)],
    perform: [
      call("GET", "a", { signal: true }),
      call("GET", "a", () => ({ signal: new AbortController() })),
      call("GET", "right"),
    ],
    expect: {
      calls: [
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" } },
        { error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" } },
        { status: 200 },
      ],
      arrivals: [{ path: "right" }],
    },
    hint: "check that the option is validated",
  }),
];
