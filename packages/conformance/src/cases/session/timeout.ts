/* Deadlines, which core keeps on clocks of its own (DESIGN §5): which phase is named, and how close they fire. */

import {
  between,
  call,
  type Case,
  defineCase,
  head,
  content,
  sequence,
  stall,
} from "../../case.ts";

/** Cases of `session/timeout`. */
export const timeoutCases: readonly Case[] = [
  defineCase({
    id: "session/timeout/response-fires-on-time",
    title: "timeout.response fires within 50 ms of its limit when no head comes",
    level: "must",
    origin: [stall()],
    perform: call("GET", "a", { timeout: { response: 300 } }),
    expect: {
      error: {
        name: "TimeoutError",
        code: "ERR_TIMEOUT_RESPONSE",
        phase: "response",
        fields: { limit: 300 },
      },
      after: between(295, 350),
      connections: [{ closed: "client-fin" }],
    },
    exclusive: true,
    hint: "check that the library's own coarse clocks are out of the way",
  }),
  defineCase({
    id: "session/timeout/read-counts-gaps-of-content",
    title: "timeout.read ends a silence in the middle of content",
    level: "must",
    origin: [sequence(head(200, [["content-length", "10"]]), content("12345"), stall())],
    perform: call("GET", "a", { timeout: { read: 300 } }),
    expect: { status: 200, error: { code: "ERR_TIMEOUT_READ", requestSent: "yes" } },
    hint: "check that the clock is armed again after each piece",
  }),
];
