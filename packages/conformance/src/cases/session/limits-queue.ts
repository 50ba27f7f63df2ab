/* The queue in front of the slots: its bound, its numbers, and how calls leave it. */

import { call, type Case, defineCase, gate, plain, respond, sequence } from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const full = {
  error: {
    name: "QueueFullError",
    code: "ERR_QUEUE_FULL",
    phase: "queue",
    requestSent: "no",
    retryable: true,
  },
} as const;

/** Cases of `session/limits` about the queue. */
export const limitQueueCases: readonly Case[] = [
  defineCase({
    id: "session/limits/queue-is-bounded",
    title: "a call beyond limits.queue must be refused at once, and nothing of it must be sent",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1, queue: 1 } },
    origin: { a: [sequence(gate("go"), ok)], b: [ok] },
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = kit.call(call("GET", "b"));
      const third = await kit.within(1000, kit.call(call("GET", "c")), "the refusal");
      await kit.origin.open("go");
      return [await first, await second, third];
    },
    expect: { calls: [fine, fine, full], arrivals: [{ path: "a" }, { path: "b" }] },
    hint: "check that the number of calls that wait is compared with limits.queue",
  }),
  defineCase({
    id: "session/limits/queue-zero",
    title: "with limits.queue 0 a call must be refused unless a slot is free",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1, queue: 0 } },
    origin: { a: [sequence(gate("go"), ok)], c: [ok] },
    async perform(kit) {
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = await kit.within(1000, kit.call(call("GET", "b")), "the refusal");
      await kit.origin.open("go");
      return [await first, second, await kit.call(call("GET", "c"))];
    },
    expect: { calls: [fine, full, fine], arrivals: [{ path: "a" }, { path: "c" }] },
    hint: "check that 0 is not taken for nothing said",
  }),
  defineCase({
    id: "session/limits/leaving-makes-room",
    title: "a call that leaves the queue must make room for another",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1, queue: 1 } },
    origin: { a: [sequence(gate("go"), ok)], c: [ok] },
    async perform(kit) {
      const controller = new AbortController();
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = kit.call(call("GET", "b", { signal: controller.signal }));
      controller.abort("enough");
      const left = await kit.within(1000, second, "the queued call to settle");
      const third = kit.call(call("GET", "c"));
      await kit.origin.open("go");
      return [await first, left, await third];
    },
    expect: {
      calls: [fine, { error: { code: "ERR_ABORTED", requestSent: "no" } }, fine],
      arrivals: [{ path: "a" }, { path: "c" }],
    },
    hint: "check that an abort takes the call out of the queue's count",
  }),
  defineCase({
    id: "session/limits/stats",
    title: "stats must tell how many exchanges run and how many calls wait, by origin too",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { perOrigin: 1 }, allowOtherOrigins: true },
    doors: { other: plain() },
    origin: {
      a: [sequence(gate("go"), ok)],
      b: [ok],
      c: [ok],
      d: [sequence(gate("go"), ok)],
    },
    async perform(kit) {
      const before = kit.session.stats;
      const calls = ["a", "b", "c", "{other}d"].map((url) => kit.call(call("GET", url)));
      await kit.origin.arrived(2);
      const { active, queued, origins } = kit.session.stats;
      const main = origins[new URL(kit.urls["main"] ?? "").origin];
      const other = origins[new URL(kit.urls["other"] ?? "").origin];
      kit.note("before", { active: before.active, queued: before.queued });
      kit.note("during", [
        active,
        queued,
        main?.active,
        main?.queued,
        other?.active,
        other?.queued,
      ]);
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      const after = kit.session.stats;
      const busy = Object.values(after.origins).filter((one) => one.active + one.queued > 0);
      kit.note("after", [after.active, after.queued, busy.length]);
      return seen;
    },
    expect: {
      calls: [fine, fine, fine, fine],
      facts: {
        before: { active: 0, queued: 0 },
        during: [2, 2, 1, 2, 1, 0],
        after: [0, 0, 0],
      },
    },
    hint: "check that numbers are counted up and down in pairs, and empty origins forgotten",
  }),
  defineCase({
    id: "session/limits/shared-by-extended-sessions",
    title: "sessions made by extend must share the slots",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1 } },
    origin: { a: [sequence(gate("go"), ok)], b: [ok] },
    async perform(kit) {
      const extended = kit.session.extend({ headers: { "x-extended": "1" } });
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = kit.observe(() => extended.get("b"));
      await kit.neverWithin(100, second, "the call of the extended session to be served");
      kit.note("queued", [kit.session.stats.queued, extended.stats.queued]);
      await kit.origin.open("go");
      return [await first, await second];
    },
    expect: { calls: [fine, fine], facts: { queued: [1, 1] } },
    hint: "check what extended sessions have in common",
  }),
  defineCase({
    id: "session/limits/not-shared-by-other-sessions",
    title: "sessions made apart must have slots of their own",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1 } },
    origin: { a: [sequence(gate("go"), ok)], b: [ok] },
    async perform(kit) {
      const other = kit.makeSession({ limits: { concurrency: 1 } });
      const first = kit.call(call("GET", "a"));
      await kit.origin.arrived(1);
      const second = await kit.within(
        5000,
        kit.observe(() => other.get("b")),
        "the call of the other session",
      );
      await kit.origin.open("go");
      return [await first, second];
    },
    expect: { calls: [fine, fine] },
    hint: "check that no state is kept outside of sessions",
  }),
];
