/* Faults: whatever an origin does, each call comes to one end, and the session goes on. */

import type { HttpResponse } from "@anyhttp/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Answer, always, respond, type Script } from "../../src/case.ts";
import { inTime, late } from "../../src/run/in-time.ts";
import { type Client, makeClients, outcomeOf } from "./support/clients.ts";
import { holds, patience } from "./support/generated.ts";
import { leaveWell } from "./support/leave-well.ts";
import { LocalOrigin } from "./support/local-origin.ts";
import { anyAnswer } from "./support/scripts.ts";

const readers: readonly ((response: HttpResponse) => Promise<unknown>)[] = [
  (response) => response.text(),
  (response) => response.json(),
  async (response) => {
    let size = 0;
    for await (const piece of response) size += piece.length;
    return size;
  },
  async (response) => {
    for await (const piece of response) return piece;
    return null;
  },
];

/** A call, and what the origin does about it. */
const exchanges = fc.record({
  answer: anyAnswer,
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT"),
  content: fc.constantFrom(null, "", "content", "content".repeat(20_000)),
  reader: fc.constantFrom(...readers),
});
type Exchange = typeof exchanges extends fc.Arbitrary<infer T> ? T : never;

async function go({ session }: Client, base: string, all: readonly Exchange[]): Promise<unknown> {
  return Promise.all(
    all.map(({ method, content, reader }, index) => {
      const body =
        content === null || method === "GET" || method === "HEAD" ? {} : { body: content };
      const calling = session.request(method, `${base}${index}`, body);
      return outcomeOf(calling, reader);
    }),
  );
}

describe("an origin that does anything", () => {
  it("ends each call in one way, and leaves the session usable", patience, () =>
    holds(
      25,
      fc.asyncProperty(fc.array(exchanges, { minLength: 1, maxLength: 6 }), async (all) => {
        const script: Script = {
          ...Object.fromEntries(
            all.map(({ answer }, index): [string, Answer[]] => [String(index), [answer]]),
          ),
          elsewhere: [always(respond(200, [], "elsewhere"))],
        };
        await Promise.all(
          makeClients({ timeout: { total: 200 } }).map(async (client) => {
            const origin = await LocalOrigin.start(script);
            expect(await inTime(10_000, go(client, origin.base, all))).not.toBe(late);
            await leaveWell(client, origin);
          }),
        );
      }),
    ),
  );
});
