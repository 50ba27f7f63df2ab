/* Response heads: whatever they may hold is told as it came, and what they may not hold is refused alike. */

import { HttpHeaders, type HttpResponse } from "@anyhttp/core";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, makeClients, outcomeOf } from "./support/clients.ts";
import { holds, patience } from "./support/generated.ts";
import { damage, damages, type Head, head, pairs, render } from "./support/heads.ts";
import { RawServer } from "./support/raw-server.ts";

const server = new RawServer();
const clients = makeClients();
const isRaw = ({ capabilities }: Client): boolean => capabilities.fieldLines === "raw";

beforeAll(() => server.listen());
afterAll(async () => {
  await Promise.all(clients.map(({ session }) => session.close()));
  await server.close();
});

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** A reason phrase as far as all libraries agree: some take octets beyond ASCII for UTF-8. */
const ascii = (reason: string): string => reason.replaceAll(/[^\t\x20-\x7e]/g, "");

/** What parsers may differ about. */
const differences: readonly RegExp[] = [
  // A status line that is none and breaks off as well: a lost connection, or no HTTP.
  /^HTTP\/[^\n]*$/,
];

/** What a response says, its content included. */
async function described(response: HttpResponse): Promise<unknown> {
  const { status, statusText, httpVersion, headers } = response;
  return {
    status,
    reason: ascii(statusText),
    httpVersion,
    headers: [...headers],
    text: await response.text(),
  };
}

/** What a value means if it is a list: the white space around its commas is none of it. */
const listed = (value: string): string => value.replaceAll(/[\t ]*,[\t ]*/g, ",");

/** Field values by name as Fetch combines them. */
function combined(lines: readonly (readonly [string, string])[]): Record<string, string> {
  const names = [...new Set(lines.map(([name]) => name.toLowerCase()))].toSorted();
  const of = (wanted: string): string[] =>
    lines.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  return Object.fromEntries(names.map((name) => [name, listed(of(name).join(", "))]));
}

function wire({ status, reason, lines }: Head): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${render(lines)}content-length: 2\r\n\r\nok`;
}

const damaged = fc.tuple(head, damages).map(([made, all]) => damage(wire(made), all));

describe("response heads", () => {
  it("are told as they came, on every transport", patience, () =>
    holds(
      60,
      fc.asyncProperty(head, async (made) => {
        const url = server.answer([bytes(wire(made))], false);
        const sent: [string, string][] = [...pairs(made.lines), ["content-length", "2"]];
        const model = new HttpHeaders(sent);
        for (const client of clients) {
          const response = await client.session.get(url);
          const { status, statusText, headers } = response;
          expect([status, ascii(statusText)]).toEqual([made.status, ascii(made.reason)]);
          expect(await response.text()).toBe("ok");
          if (isRaw(client)) {
            expect([...headers]).toEqual(sent);
            expect(headers.toJSON()).toEqual(model.toJSON());
          }
          expect(combined([...headers])).toEqual(combined(sent));
          expect(headers.getSetCookie()).toEqual(model.getSetCookie());
          for (const [name] of sent) {
            expect(headers.has(name)).toBe(true);
            const value = headers.get(name.toUpperCase());
            expect(listed(value ?? "none")).toBe(listed(model.get(name) ?? ""));
          }
        }
      }),
    ),
  );

  it("that are damaged come to the same wherever field lines are seen", patience, () =>
    holds(
      150,
      fc.asyncProperty(damaged, async (text) => {
        fc.pre(!differences.some((pattern) => pattern.test(text)));
        const url = server.answer([bytes(text)], true);
        const outcomes: Record<string, unknown> = {};
        for (const client of clients) {
          const seen = await outcomeOf(client.session.get(url), described);
          if (isRaw(client)) outcomes[client.name] = "got" in seen ? seen : seen.error;
        }
        const [first] = Object.values(outcomes);
        const alike = Object.keys(outcomes).map((name) => [name, first]);
        expect(outcomes).toEqual(Object.fromEntries(alike));
      }),
    ),
  );
});
