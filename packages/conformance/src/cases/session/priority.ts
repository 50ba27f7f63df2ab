/* Priority: who goes first of the calls that wait for a slot, and that nobody waits for ever. */

import {
  always,
  atLeast,
  call,
  type Case,
  defineCase,
  gate,
  type Kit,
  pause,
  plain,
  respond,
  sequence,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const fine = { status: 200, content: "ok" };
const held = sequence(gate("go"), ok);

/** Calls `held`, then the others, which wait for its slot; lets it go when all of them have been made. */
async function queued(kit: Kit, calls: readonly (readonly [url: string, priority?: number])[]) {
  const first = kit.call(call("GET", "held"));
  await kit.origin.arrived(1);
  const others = calls.map(([url, priority]) => kit.call(call("GET", url, { priority })));
  await kit.origin.open("go");
  return [await first, ...(await Promise.all(others))];
}

/** Cases of `session/priority`. */
export const priorityCases: readonly Case[] = [
  defineCase({
    id: "session/priority/higher-goes-first",
    title: "of calls that wait, one of a higher priority must go first, and equals in their order",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1 } },
    origin: [held, ok, ok, ok, ok, ok],
    perform: (kit) => queued(kit, [["low", -1], ["a"], ["high", 2], ["b", 0], ["high-too", 2]]),
    expect: {
      calls: [fine, fine, fine, fine, fine, fine],
      arrivals: ["held", "high", "high-too", "a", "b", "low"].map((path) => ({ path })),
    },
    hint: "check that the option reaches the queue, and that it is stable",
  }),
  defineCase({
    id: "session/priority/between-origins",
    title: "a higher priority must go first whichever origin it is for, and equals take turns",
    level: "must",
    catalogue: ["F-POL-01"],
    session: { limits: { concurrency: 1 }, allowOtherOrigins: true },
    doors: { other: plain() },
    origin: [held, ok, ok, ok, ok],
    perform: (kit) => queued(kit, [["a"], ["b"], ["{other}c"], ["{other}urgent", 1]]),
    expect: {
      calls: [fine, fine, fine, fine, fine],
      arrivals: ["held", "urgent", "a", "c", "b"].map((path) => ({ path })),
    },
    hint: "check that the turns of origins are for calls of equal priority",
  }),
  defineCase({
    id: "session/priority/of-the-session",
    title: "priority must be a default of the session that a call replaces",
    level: "must",
    session: { limits: { concurrency: 1 }, priority: 5 },
    origin: [held, ok, ok, ok],
    perform: (kit) => queued(kit, [["below", 4], ["own"], ["above", 6]]),
    expect: {
      calls: [fine, fine, fine, fine],
      arrivals: ["held", "above", "own", "below"].map((path) => ({ path })),
    },
    hint: "check how options of a call are laid over those of the session",
  }),
  defineCase({
    id: "session/priority/starves-nobody",
    title: "calls of a high priority that keep coming must not keep one of a low priority for ever",
    level: "must",
    session: { limits: { concurrency: 1 } },
    origin: { low: [ok], high: [always(pause(20), ok)] },
    async perform(kit) {
      const busy = kit.call(call("GET", "high"));
      let served = false;
      const low = kit.call(call("GET", "low")).finally(() => (served = true));
      let before = 0;
      // There is always one that waits while another runs.
      const stream = async (): Promise<void> => {
        for (; !served && before < 300; before++)
          await kit.call(call("GET", "high", { priority: 1e9 }));
      };
      await Promise.all([busy, stream(), stream(), stream()]);
      kit.note("went first", before);
      kit.check(served, "the call of a low priority to have been served");
      return low;
    },
    expect: { ...fine, facts: { "went first": atLeast(5) }, arrivals: atLeast(7) },
    deadline: 20_000,
    hint: "check that age counts in the end",
  }),
  defineCase({
    id: "session/priority/wrong",
    title: "a priority that is no finite number must be refused",
    level: "must",
    origin: [],
    perform: [NaN, Infinity, "1", null].map((priority) => call("GET", "a", { priority })),
    expect: {
      calls: [0, 1, 2, 3].map(() => ({ error: { code: "ERR_INVALID_OPTION", requestSent: "no" } })),
    },
    hint: "check that the option is looked at",
  }),
];
