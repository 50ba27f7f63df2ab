/* Aborting a call at instants that the origin names. */

import {
  aborted,
  call,
  type Case,
  defineCase,
  gate,
  oneOf,
  read,
  respond,
  sequence,
} from "../../case.ts";

/** Cases of `session/abort`. */
export const abortCases: readonly Case[] = [
  defineCase({
    id: "session/abort/while-waiting-for-the-head",
    title:
      "an abort while the head is awaited rejects with the signal's reason and closes the connection",
    level: "must",
    origin: [sequence(gate("never"), respond(200))],
    perform: aborted(call("GET", "a"), "arrived", "enough"),
    expect: {
      error: { name: "AbortError", code: "ERR_ABORTED", cause: "enough" },
      connections: [{ closed: oneOf("client-fin", "client-reset") }],
    },
    hint: "check that the signal is passed to the library, or the socket destroyed",
  }),
  defineCase({
    id: "session/abort/one-of-two-calls",
    title: "aborting one of two calls leaves the other alone",
    level: "must",
    origin: {
      a: [sequence(gate("go"), respond(200))],
      b: [sequence(gate("go"), respond(200, [], "b"))],
    },
    async perform(kit) {
      const controller = new AbortController();
      const first = kit.call(call("GET", "a", { signal: controller.signal }));
      const second = kit.call(call("GET", "b", {}, read.text));
      await kit.origin.arrived(2);
      controller.abort("enough");
      const stopped = await kit.within(1000, first, "the aborted call to settle");
      await kit.origin.closedByClient(1);
      await kit.origin.open("go");
      return [stopped, await second];
    },
    expect: {
      calls: [{ error: { code: "ERR_ABORTED" } }, { status: 200, content: "b" }],
      connections: 2,
    },
    hint: "check that each exchange has a signal of its own",
  }),
];
