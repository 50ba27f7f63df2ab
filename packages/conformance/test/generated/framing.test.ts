/* Framing: a response is the same whatever the slices in which it comes, and is what the origin meant. */

import type { HttpResponse } from "@anyhttp/core";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, makeClients } from "./support/clients.ts";
import { cutAt, cuts, holds, patience } from "./support/generated.ts";
import { encoded, fieldsOf, framed, octets, trailersOf } from "./support/framed.ts";
import { RawServer } from "./support/raw-server.ts";

const server = new RawServer();
const clients = makeClients();

beforeAll(() => server.listen());
afterAll(async () => {
  await Promise.all(clients.map(({ session }) => session.close()));
  await server.close();
});

/** The content, read in one of several ways. */
const readers: Readonly<Record<string, (response: HttpResponse) => Promise<Uint8Array>>> = {
  whole: (response) => response.bytes(),
  async pieces(response) {
    const all: Uint8Array[] = [];
    for await (const piece of response) all.push(piece);
    return Buffer.concat(all);
  },
  async late(response) {
    await new Promise((resolve) => setImmediate(resolve));
    return response.bytes();
  },
};

async function described(
  { session }: Client,
  url: string,
  reader: string,
): Promise<Record<string, unknown>> {
  const response = await session.get(url);
  const { headers, httpVersion } = response;
  const content = await readers[reader]?.(response);
  const trailers = await response.trailers;
  return {
    headers: [...headers],
    httpVersion,
    content: Buffer.from(content ?? []).toString("base64"),
    trailers: trailers && [...trailers],
  };
}

describe("framing", () => {
  it("gives the same whatever the slices in which a response comes", patience, () =>
    holds(
      60,
      fc.asyncProperty(
        framed,
        cuts,
        fc.constantFrom(...Object.keys(readers)),
        async (made, places, reader) => {
          const bytes = octets(made);
          const ends = made.framing.kind === "close" || made.version === "1.0";
          const whole = server.answer([bytes], ends);
          const sliced = server.answer(cutAt(bytes, places), ends);
          for (const client of clients) {
            const first = await described(client, whole, "whole");
            expect(await described(client, sliced, reader)).toEqual(first);
            expect(first["content"]).toBe(made.content.toString("base64"));
            const { trailers, fieldLines } = client.capabilities;
            if (trailers === "exposed") expect(first["trailers"]).toEqual(trailersOf(made));
            if (fieldLines === "raw")
              expect(first["headers"]).toEqual(fieldsOf(made, encoded(made).length));
          }
        },
      ),
    ),
  );
});
