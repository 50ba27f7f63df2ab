/* Many calls at once, aborted or not, and inputs that are costly to parse (ids `session/storms/…`). */

import {
  always,
  atMost,
  call,
  type Case,
  content,
  defineCase,
  expects,
  head,
  pause,
  reset,
  respond,
  sendFiller,
  sequence,
  stall,
} from "../../case.ts";

/** Cases of `session/storms`. */
export const stormCases: readonly Case[] = [
  defineCase({
    id: "session/storms/a-thousand-aborts",
    title: "a thousand calls that are aborted at random must leave the session to the next hundred",
    level: "must",
    catalogue: ["F-ABT-02", "F-POL-01"],
    session: { limits: { perOrigin: 10 } },
    origin: { a: [always(stall())], b: [always(respond(200, [], "ok"))] },
    async perform(kit) {
      const aborted = Array.from({ length: 1000 }, (_, index) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort("enough"), (index * 37) % 50);
        return kit.session.get("a", { signal: controller.signal }).catch((error: unknown) => error);
      });
      const codes = (await Promise.all(aborted)).map((error) => (error as { code?: string }).code);
      const next = Array.from({ length: 100 }, () => kit.session.get("b").text());
      const texts = await kit.within(8000, Promise.all(next), "the next hundred");
      const { connections } = await kit.origin.ledger();
      kit.note("aborted", codes.filter((code) => code === "ERR_ABORTED").length);
      kit.note("served", texts.filter((text) => text === "ok").length);
      // Where connections are the runtime's own, it may keep more of them for a while.
      const owned = kit.capabilities.tls === "configurable";
      const open = connections.filter(({ closed }) => closed === null).length;
      kit.note("open", owned ? open : 0);
      kit.note("left", [kit.session.stats.active, kit.session.stats.queued]);
    },
    expect: { facts: { aborted: 1000, served: 100, open: atMost(20), left: [0, 0] } },
    exclusive: true,
    hint: "check that an abort leaves neither slot, nor place in the queue, nor connection",
  }),
  defineCase({
    id: "session/storms/a-thousand-at-once",
    title: "a thousand calls at once, ten of them lost, must each get what is theirs",
    level: "must",
    catalogue: ["F-POL-03"],
    session: { limits: { concurrency: 64, perOrigin: 64 } },
    origin: { a: [always(pause(5), respond(200, [], "ok"))], lost: [always(reset())] },
    async perform(kit) {
      const calls = Array.from({ length: 1000 }, (_, index) =>
        kit.session
          .post(index % 100 === 50 ? "lost" : "a", { body: "x" })
          .text()
          .catch((error: unknown) => (error as { code: string }).code),
      );
      const all = await kit.within(9000, Promise.all(calls), "all of them");
      const { connections } = await kit.origin.ledger();
      kit.note("ok", all.filter((text) => text === "ok").length);
      const owned = kit.capabilities.tls === "configurable";
      kit.note("at once", !owned || connections.length <= 64 + 10);
    },
    expect: { facts: { ok: 990, "at once": true } },
    exclusive: true,
    hint: "check that only what is lost fails, and that connections are bounded",
  }),
  ...(
    [
      ["content-type", `text/plain${" ".repeat(5000)};${"charset=".repeat(500)}`],
      ["content-type-quotes", `multipart/form-data; boundary="${'\\"'.repeat(3000)}`],
      ["set-cookie", `${"a".repeat(3000)}${"=".repeat(3000)}${"; ".repeat(500)}`],
      ["link", "<".repeat(3000) + ">;".repeat(2000)],
      ["retry-after", `${"9".repeat(3000)}${" ".repeat(3000)}x`],
      ["www-authenticate", `Basic ${"\u00A0 ".repeat(3000)}`],
      ["content-disposition", `attachment; filename="${"%".repeat(6000)}`],
      ["cache-control", `${"max-age=,".repeat(700)}x`],
    ] as const
  ).map(([name, value]) =>
    defineCase({
      id: `session/storms/costly-${name}`,
      title: `a field ${name} made to be costly must cost nothing`,
      level: "must",
      catalogue: ["V-DOS-06"],
      origin: [respond(200, [[name.replace(/-quotes$/, ""), value]], "a=1")],
      async perform(kit) {
        const response = await kit.within(5000, kit.session.get("a"), "the head");
        const began = performance.now();
        response.headers.get(name);
        response.headers.getSetCookie();
        void response.cookies;
        const used = performance.now() - began;
        await response.text().catch(() => undefined);
        kit.note("head", used);
        kit.note("all", performance.now() - began);
      },
      expect: { facts: { head: atMost(50), all: atMost(250) } },
      exclusive: true,
      hint: "check that no pattern goes back over what it has read",
    }),
  ),
  defineCase({
    id: "session/storms/costly-location",
    title: "a location made to be costly must be followed or refused at once",
    level: "must",
    catalogue: ["V-DOS-06", "V-DOS-05"],
    origin: [respond(302, [["location", `http://[${"@".repeat(6000)}/`]])],
    perform: call("GET", "a"),
    requires: { redirects: "visible" },
    otherwise: expects({ error: { code: "ERR_NETWORK" }, after: atMost(1000) }),
    expect: { error: { name: "RedirectError" }, after: atMost(1000) },
    exclusive: true,
    hint: "check that no pattern goes back over what it has read",
  }),
  defineCase({
    id: "session/storms/large-json",
    title: "ten megabytes of JSON must be read like any other",
    level: "must",
    catalogue: ["F-BOD-09"],
    origin: [
      sequence(
        head(200, [
          ["content-type", "application/json"],
          ["content-length", "10000002"],
        ]),
        content('"'),
        sendFiller(10_000_000),
        content('"'),
      ),
    ],
    perform: call("GET", "a", {}, async (response) => {
      return (await response.json<string>()).length;
    }),
    expect: { status: 200, content: 10_000_000 },
    hint: "check that content is not joined piece by piece",
  }),
];
