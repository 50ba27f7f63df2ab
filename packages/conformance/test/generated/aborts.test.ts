/* Aborts: at whatever instant a signal fires, its call is aborted or complete, and nothing else. */

import type { HttpResponse, RequestOptions } from "@anyhttp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Answer,
  afterContent,
  always,
  chunk,
  filler,
  head,
  lastChunk,
  pause,
  respond,
  sendFiller,
  sequence,
} from "../../src/case.ts";
import { inTime, late } from "../../src/run/in-time.ts";
import { type Client, makeClients, outcomeOf } from "./support/clients.ts";
import { holds, patience } from "./support/generated.ts";
import { leaveWell } from "./support/leave-well.ts";
import { LocalOrigin } from "./support/local-origin.ts";

/** Long enough for no buffer to take. */
const long = 2_000_000;
const text = filler(long);

async function* pieces(): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < 20; at++) yield await Promise.resolve(new Uint8Array(10_000));
}

/** A call that takes a while, what it is when complete, and what the origin does about it. */
interface Flow {
  readonly method: string;
  readonly path: string;
  readonly options: () => RequestOptions;
  readonly read: (response: HttpResponse) => Promise<unknown>;
  readonly complete: unknown;
}

const whole = (response: HttpResponse): Promise<string> => response.text();
const none = (): RequestOptions => ({});

const flows: readonly Flow[] = [
  { method: "GET", path: "plain", options: none, read: whole, complete: "ok" },
  { method: "GET", path: "slow", options: none, read: whole, complete: "abc" },
  { method: "GET", path: "r1", options: none, read: whole, complete: "ok" },
  { method: "GET", path: "long", options: none, read: whole, complete: text },
  {
    method: "GET",
    path: "long",
    options: none,
    async read(response) {
      let size = 0;
      for await (const piece of response) size += piece.length;
      return size;
    },
    complete: long,
  },
  { method: "PUT", path: "plain", options: () => ({ body: text }), read: whole, complete: "ok" },
  {
    method: "POST",
    path: "plain",
    options: () => ({ body: pieces() }),
    read: whole,
    complete: "ok",
  },
  { method: "PUT", path: "p1", options: () => ({ body: text }), read: whole, complete: "ok" },
];

const to = (status: number, place: string): readonly Answer[] => [
  always(respond(status, [["location", place]], "moved")),
];
const script: Readonly<Record<string, readonly Answer[]>> = {
  plain: [always(respond(200, [], "ok"))],
  slow: [
    always(
      afterContent(),
      head(200, [["transfer-encoding", "chunked"]]),
      ...["a", "b", "c"].map((piece) => sequence(chunk(piece), pause(3))),
      lastChunk(),
    ),
  ],
  r1: to(302, "r2"),
  r2: to(303, "r3"),
  r3: to(307, "plain"),
  p1: to(308, "plain"),
  long: [always(afterContent(), head(200, [["content-length", String(long)]]), sendFiller(long))],
};

/** When a signal fires: before the call, after so many turns of the event loop, or after so many milliseconds. */
const instants = fc.oneof(
  fc.constant({ after: "nothing" } as const),
  fc.record({ after: fc.constant("ticks" as const), count: fc.nat(20) }),
  fc.record({ after: fc.constant("turns" as const), count: fc.nat(60) }),
  fc.record({ after: fc.constant("ms" as const), count: fc.nat(30) }),
);
type Instant = typeof instants extends fc.Arbitrary<infer T> ? T : never;

async function reached(instant: Instant): Promise<void> {
  if (instant.after === "ms") await new Promise((resolve) => setTimeout(resolve, instant.count));
  else if (instant.after !== "nothing") {
    for (let left = instant.count; left > 0; left--) {
      if (instant.after === "ticks") await Promise.resolve();
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** What became of a call whose signal fires: `aborted`, `complete`, or what it must not come to. */
async function attempt(
  client: Client,
  base: string,
  { method, path, options, read, complete }: Flow,
  instant: Instant,
): Promise<unknown> {
  const controller = new AbortController();
  const reason = { why: "the test's own reason" };
  const abort = (): void => controller.abort(reason);
  if (instant.after === "nothing") abort();
  else void reached(instant).then(abort);
  const all = { ...options(), signal: controller.signal };
  const calling = client.session.request(method, base + path, all);
  const outcome = await inTime(10_000, outcomeOf(calling, read));
  if (outcome === late) return "late";
  if ("got" in outcome) return outcome.got === complete ? "complete" : "incomplete";
  return outcome.code === "ERR_ABORTED" && outcome.cause === reason ? "aborted" : outcome;
}

const aborted = fc.record({ flow: fc.constantFrom(...flows), instant: instants });

describe("a signal that fires at any instant", () => {
  it("aborts its call or comes too late, and harms nothing else", patience, () =>
    holds(
      25,
      fc.asyncProperty(fc.array(aborted, { minLength: 1, maxLength: 6 }), async (all) => {
        for (const client of makeClients({ limits: { concurrency: 4 } })) {
          const origin = await LocalOrigin.start(script);
          const outcomes = await Promise.all(
            all.map(({ flow, instant }) => attempt(client, origin.base, flow, instant)),
          );
          for (const outcome of outcomes) expect(["aborted", "complete"]).toContain(outcome);
          await leaveWell(client, origin);
        }
      }),
    ),
  );
});
