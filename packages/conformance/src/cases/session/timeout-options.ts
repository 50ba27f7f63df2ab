/* What may be said of timeouts: how they are merged, switched off, and which values are refused. */

import {
  type Call,
  afterContent,
  call,
  type Case,
  defineCase,
  pause,
  respond,
  sequence,
  stall,
} from "../../case.ts";

const refused = {
  error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
} as const;

const wrong: readonly (readonly [name: string, title: string, values: readonly unknown[]])[] = [
  ["zero", "a timeout of 0", [0, { total: 0 }, { read: 0 }]],
  ["negative", "a negative timeout", [-1, { response: -1 }]],
  ["nan", "a timeout that is not a number", [NaN, { connect: NaN }]],
  ["wrong-type", "a timeout of another type", ["5s", true, null, { total: "5" }, { queue: null }]],
  ["unknown-name", "a timeout of an unknown name", [{ idle: 100 }, { Total: 100 }]],
];

const refusals = wrong.map(([name, title, values]) => {
  const calls: Call[] = values.map((timeout) => call("GET", "a", { timeout }));
  return defineCase({
    id: `session/timeout/refused-${name}`,
    title: `${title} must be refused before anything is sent`,
    level: "must",
    origin: [respond(200)],
    // The call that is right shows that the others have left nothing behind.
    perform: [...calls, call("GET", "right", { timeout: 10_000 })],
    expect: {
      calls: [...calls.map(() => refused), { status: 200 }],
      arrivals: [{ path: "right" }],
    },
    hint: "check how limits are validated",
  });
});

/** Cases of `session/timeout` about what may be said. */
export const timeoutOptionCases: readonly Case[] = [
  ...refusals,
  defineCase({
    id: "session/timeout/false-switches-off",
    title: "false and Infinity must switch a limit of the session off for a call",
    level: "must",
    session: { timeout: { total: 150 } },
    origin: [
      sequence(afterContent(), pause(300), respond(200)),
      sequence(afterContent(), pause(300), respond(200)),
      sequence(afterContent(), pause(300), respond(200)),
      stall(),
    ],
    perform: [
      call("GET", "a", { timeout: false }),
      call("GET", "b", { timeout: { total: false } }),
      call("GET", "c", { timeout: { total: Infinity } }),
      call("GET", "d"),
    ],
    expect: {
      calls: [
        { status: 200 },
        { status: 200 },
        { status: 200 },
        { error: { code: "ERR_TIMEOUT_TOTAL", fields: { limit: 150 } } },
      ],
    },
    hint: "check how limits are merged",
  }),
  defineCase({
    id: "session/timeout/merged-field-by-field",
    title: "the limits of a call must be laid over those of the session one by one",
    level: "must",
    session: { timeout: { total: 200, read: 5000 } },
    origin: [stall()],
    perform: call("GET", "a", { timeout: { response: 5000, connect: 5000 } }),
    expect: { error: { code: "ERR_TIMEOUT_TOTAL", fields: { limit: 200 } } },
    hint: "check that a call's record does not replace the session's as a whole",
  }),
  defineCase({
    id: "session/timeout/the-shorter-fires",
    title: "of two limits that run at once the shorter must fire",
    level: "must",
    origin: [stall(), stall()],
    perform: [
      call("GET", "a", { timeout: { total: 150, response: 5000 } }),
      call("GET", "b", { timeout: { total: 5000, response: 100, connect: 100 } }),
    ],
    expect: {
      calls: [
        { error: { code: "ERR_TIMEOUT_TOTAL" } },
        { error: { code: "ERR_TIMEOUT_RESPONSE" } },
      ],
    },
    hint: "check that the clock looks at the earliest deadline",
  }),
];
