/* Calls that their caller does something odd with: sources that fail, one-shot content, limits, streams left, sessions by the way. */

import { type Kind, ok, pause, same } from "./kind.ts";

const piece = new Uint8Array(20_000).fill(99);

/** One-shot content, longer than what the buffers on the way hold. */
async function* pieces(count: number, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let place = 0; place < count; place++) {
    if (place % 4 === 3) await pause(1);
    yield piece;
  }
  if (failure) throw failure;
}

/** A stream may still be read from when its end comes, and what ends it is not always told apart from the connection. */
const lost = ["ERR_DISCONNECTED", "ERR_DISCONNECTED_IDLE"];

function streamed(path: string, outcomes: readonly string[]): Kind {
  return {
    name: `stream to ${path}`,
    weight: 1,
    outcomes,
    run: ({ session, doors }) =>
      session.post(`${doors.main}/${path}`, { body: pieces(20), timeout: 2000 }).bytes(),
  };
}

export const callerKinds: readonly Kind[] = [
  streamed("reset-early", lost),
  streamed("end-early", lost),
  streamed("refuse", ["ERR_STATUS", ...lost]),
  {
    name: "source fails",
    weight: 1,
    outcomes: ["ERR_CONTENT_SOURCE"],
    run: ({ session, doors }) =>
      session.post(`${doors.main}/echo`, { body: pieces(3, new Error("no more")) }).bytes(),
  },
  {
    name: "abort stream",
    weight: 1,
    outcomes: ["ok", "ERR_ABORTED"],
    run: async ({ session, doors, random }) => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), random.next() * 20);
      const options = { body: pieces(20), signal: controller.signal };
      try {
        await session.post(`${doors.main}/echo`, options).bytes();
      } finally {
        clearTimeout(timer);
      }
    },
  },
  {
    name: "too large",
    weight: 1,
    outcomes: ["ERR_CONTENT_TOO_LARGE"],
    run: ({ session, doors }) =>
      session.get(`${doors.main}/large/500`, { maxResponseSize: 100_000 }).bytes(),
  },
  {
    name: "not JSON",
    weight: 1,
    outcomes: ["ERR_PARSE_JSON"],
    run: ({ session, doors }) => session.get(`${doors.main}/chunked`).json(),
  },
  {
    name: "web stream",
    weight: 1,
    outcomes: ok,
    run: async ({ session, doors, random }) => {
      const reader = (await session.get(`${doors.main}/large/300`)).body.getReader();
      let length = 0;
      const enough = random.next() < 0.5 ? Infinity : 100_000;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return same(length, 307_200, "the length");
        if ((length += value.byteLength) > enough) return reader.cancel();
      }
    },
  },
  {
    name: "extended session",
    weight: 2,
    outcomes: ok,
    run: async ({ session, doors }) => {
      const extended = session.extend({ baseUrl: doors.main, headers: { "x-extended": "yes" } });
      const content = await extended.get("small").json<{ id: number }>();
      same(content.id, 7, "the id");
    },
  },
];
