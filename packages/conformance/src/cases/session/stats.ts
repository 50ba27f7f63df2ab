/* What `session.stats` counts (ids `session/stats/…`). */

import {
  type Case,
  defineCase,
  expects,
  gate,
  plain,
  read,
  respond,
  sequence,
} from "../../case.ts";

const ok = respond(200, [], "ok");
const gated = sequence(gate("go"), ok);

/** Cases of `session/stats`. */
export const statsCases: readonly Case[] = [
  defineCase({
    id: "session/stats/active-and-queued",
    title: "stats must count exchanges under way and calls that wait, in all and by origin",
    level: "must",
    doors: { other: plain() },
    session: { allowOtherOrigins: true, limits: { concurrency: 2, perOrigin: 1 } },
    origin: { a: [gated], b: [gated], c: [ok] },
    async perform(kit) {
      const { session, urls } = kit;
      const { origin: main } = new URL(urls["main"] ?? "");
      const { origin: other } = new URL(urls["other"] ?? "");
      const calls = ["a", `${urls["other"]}b`, "c"].map((url) =>
        kit.observe(() => session.get(url), read.text),
      );
      await kit.origin.arrived(2);
      const { active, queued, origins } = session.stats;
      kit.note("all", [active, queued]);
      kit.note("main", [origins[main]?.active, origins[main]?.queued]);
      kit.note("other", [origins[other]?.active, origins[other]?.queued]);
      await kit.origin.open("go");
      const seen = await Promise.all(calls);
      kit.note("after", [session.stats.active, session.stats.queued]);
      return seen;
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }, { status: 200 }],
      facts: { all: [2, 1], main: [1, 1], other: [1, 0], after: [0, 0] },
    },
    hint: "check when an exchange begins and ceases to count",
  }),
  defineCase({
    id: "session/stats/idle",
    title: "stats must count idle connections by origin, or say that nobody knows",
    level: "must",
    requires: { connectionPool: "visible" },
    otherwise: expects({ status: 200, facts: { idle: null } }),
    origin: [ok],
    async perform(kit) {
      const { session } = kit;
      const seen = await kit.observe(() => session.get("a"), read.text);
      const { origin } = new URL(kit.urls["main"] ?? "");
      // The connection is free soon after its content has ended, not at once.
      for (let turn = 0; turn < 100 && session.stats.idle === 0; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      const { idle, origins } = session.stats;
      kit.note("idle", idle);
      kit.note("origin", origins[origin]);
      return seen;
    },
    expect: { status: 200, facts: { idle: 1, origin: { active: 0, queued: 0, idle: 1 } } },
    hint: "check what idle() counts, and under which origin",
  }),
  defineCase({
    id: "session/stats/extended",
    title: "a session and those extended from it must count the same, as they share their slots",
    level: "must",
    origin: [gated],
    async perform(kit) {
      const extended = kit.session.extend({ headers: { "x-a": "1" } });
      const calling = kit.observe(() => extended.get("a"), read.text);
      await kit.origin.arrived(1);
      kit.note("active", [kit.session.stats.active, extended.stats.active]);
      await kit.origin.open("go");
      return calling;
    },
    expect: { status: 200, facts: { active: [1, 1] } },
    hint: "check what extended sessions share",
  }),
];
