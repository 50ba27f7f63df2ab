/* What `response.timings` says (ids `session/timings/…`): which rows there are, and that they span what they name. */

import {
  between,
  type Case,
  content,
  defineCase,
  expects,
  gate,
  head,
  notApplicable,
  pause,
  read,
  respond,
  satisfying,
  secure,
  sequence,
} from "../../case.ts";
import type { Timings } from "@anyhttp/core";

const exact = { connectTimeout: "exact" } as const;
const time = satisfying("a time", (value) => typeof value === "number" && value >= 0);
const always = { queued: time, firstByte: time, content: time, total: time };
const unseen = { dns: null, connect: null, tls: null, sent: null };

/** Notes each row as a fact of its own. */
function noteRows(note: (name: string, value: unknown) => void, timings: Timings): void {
  for (const [name, value] of Object.entries(timings)) note(name, value);
}

/** Cases of `session/timings`. */
export const timingCases: readonly Case[] = [
  defineCase({
    id: "session/timings/new-connection",
    title: "timings must have a row for each step of a new connection",
    level: "must",
    requires: exact,
    otherwise: expects({ facts: { ...always, ...unseen } }),
    doors: { main: secure() },
    origin: [respond(200, [], "ok")],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      await response.text();
      noteRows(kit.note.bind(kit), response.timings);
    },
    expect: { facts: { ...always, dns: time, connect: time, tls: time, sent: time } },
    hint: "check that trace.mark is called for each step",
  }),
  defineCase({
    id: "session/timings/reused-connection",
    title: "timings of a call on a kept-alive connection must have no row for connecting",
    level: "must",
    requires: exact,
    otherwise: expects({ facts: { ...always, ...unseen } }),
    origin: [respond(200, [], "ok"), respond(200, [], "ok")],
    async perform(kit) {
      await kit.session.get("a").text();
      const response = await kit.session.get("b");
      await response.text();
      noteRows(kit.note.bind(kit), response.timings);
    },
    expect: {
      connections: 1,
      facts: { ...always, dns: null, connect: null, tls: null, sent: time },
    },
    hint: "check that no step of another exchange is told to this one",
  }),
  defineCase({
    id: "session/timings/while-content-comes",
    title: "timings must tell what has happened so far, and no more once it is over",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // The head is there with the first octet.
    otherwise: expects(
      { facts: { content: null, grown: true, still: true } },
      {
        origin: [
          sequence(head(200, [["content-length", "3"]]), content("t"), gate("go"), content("wo")),
        ],
      },
    ),
    origin: [sequence(head(200, [["content-length", "2"]]), gate("go"), content("ok"))],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      const early = response.timings;
      kit.note("content", early.content);
      // A clock may be coarse.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await kit.origin.open("go");
      await response.text();
      const { total } = response.timings;
      await new Promise((resolve) => setTimeout(resolve, 20));
      kit.note("grown", total > early.total);
      kit.note("still", response.timings.total === total);
    },
    expect: { facts: { content: null, grown: true, still: true } },
    hint: "check that timings are computed when they are asked for",
  }),
  defineCase({
    id: "session/timings/span",
    title: "firstByte must span the wait for the head, content the wait for the content",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // The head is there with the first octet.
    otherwise: expects({ facts: { firstByte: between(710, 9000), total: between(710, 9000) } }),
    origin: [sequence(pause(120), head(200, [["content-length", "2"]]), pause(600), content("ok"))],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      await response.text();
      noteRows(kit.note.bind(kit), response.timings);
    },
    // The origin's timer may be a millisecond early, and the machine late.
    expect: {
      facts: {
        firstByte: between(110, 5000),
        content: between(200, 5000),
        total: between(700, 9000),
      },
    },
    hint: "check from when to when each row counts",
  }),
  defineCase({
    id: "session/timings/queue",
    title: "queued must be the wait for the slot, and no part of the other rows",
    level: "must",
    origin: { a: [sequence(gate("go"), respond(200, [], "a"))], b: [respond(200, [], "b")] },
    async perform(kit) {
      const session = kit.makeSession({ limits: { concurrency: 1 } });
      const first = session.get("a").text();
      await kit.origin.arrived(1);
      const second = session.get("b");
      await new Promise((resolve) => setTimeout(resolve, 150));
      await kit.origin.open("go");
      const response = await kit.within(5000, second, "the second head");
      await Promise.all([first, response.text()]);
      const { queued, total, firstByte } = response.timings;
      kit.note("queued", queued);
      kit.note("within", total >= queued + (firstByte ?? Infinity));
    },
    expect: { facts: { queued: between(140, 5000), within: true } },
    hint: "check what queued begins with",
  }),
  defineCase({
    id: "session/timings/redirect",
    title: "total must span the redirects, and the other rows the last exchange alone",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin: [sequence(pause(200), respond(302, [["location", "b"]])), respond(200, [], "ok")],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      await response.text();
      const { total, queued, firstByte, content: came } = response.timings;
      kit.note("total", total);
      // What is not of the last exchange is 200 ms at least, whatever else the machine does.
      kit.note("rest", total - queued - (firstByte ?? 0) - (came ?? 0));
      return kit.observe(() => Promise.resolve(response) as never, read.nothing);
    },
    expect: { status: 200, facts: { total: between(190, 9000), rest: between(180, 9000) } },
    hint: "check from when total counts",
  }),
];
