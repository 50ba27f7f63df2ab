/* Probes of what goes on between the head of a request and its content. Both drive the bare transport. */

import {
  atMost,
  type Case,
  defineCase,
  expects,
  head,
  type Kit,
  respond,
  sequence,
  toBytes,
} from "../../case.ts";
import { silent, targetOf } from "../../run/exchange.ts";

/** Sends content that is there only once the origin has the head; says whether that came in time. */
async function sendExpecting(kit: Kit): Promise<void> {
  let sent = "late";
  async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    await kit.within(1_000, kit.origin.arrived(1), "the head to arrive before the content").then(
      () => (sent = "first"),
      () => undefined,
    );
    yield toBytes("content");
  }
  try {
    const response = await kit.transport.send({
      method: "POST",
      target: targetOf(new URL("a", kit.urls["main"])),
      headers: [],
      body: { source: pieces(), length: null },
      expectContinue: true,
      signal: { aborted: false, reason: undefined, onabort: null },
      trace: silent,
    });
    await new Promise((resolve, reject) => {
      response.body.start({ data: () => undefined, end: resolve, fail: reject });
    });
  } catch {
    // One that cannot stream.
  }
  // Some send a head before its content in any case, but not the field.
  const { arrivals } = await kit.origin.ledger();
  const asked = arrivals.some(({ fields }) =>
    fields.some(([name]) => name.toLowerCase() === "expect"),
  );
  kit.note("head", asked ? sent : "late");
}

/** Probes of capabilities about expectations and informational responses. */
export const expectationProbes: readonly Case[] = [
  defineCase({
    id: "probe/expect-continue/head-goes-first",
    title: "the head of a request that expects 100 is sent before its content is asked for",
    level: "probe",
    spec: ["RFC 9110 §10.1.1"],
    probes: "expectContinue",
    requires: { expectContinue: "waits" },
    otherwise: expects({ facts: { head: "late" }, arrivals: atMost(1) }),
    origin: [respond(200)],
    perform: sendExpecting,
    expect: {
      facts: { head: "first" },
      arrivals: [{ fields: { expect: "100-continue" }, content: "content", complete: true }],
    },
    hint: "check whether the head can be written by itself, with the field",
  }),
  defineCase({
    id: "probe/informational/early-hints",
    title: "an informational response is told, with its fields",
    level: "probe",
    spec: ["RFC 9110 §15.2", "RFC 8297 §2"],
    probes: "informational",
    requires: { informational: "exposed" },
    otherwise: expects({ facts: { told: [] } }),
    origin: [sequence(head(103, [["link", "</a.css>; rel=preload"]]), respond(200))],
    async perform(kit) {
      const told: unknown[] = [];
      const response = await kit.transport.send({
        method: "GET",
        target: targetOf(new URL("a", kit.urls["main"])),
        headers: [],
        body: null,
        expectContinue: false,
        signal: { aborted: false, reason: undefined, onabort: null },
        trace: {
          ...silent,
          informational: (status, fields) => void told.push([status, ...fields]),
        },
      });
      await new Promise((resolve, reject) => {
        response.body.start({ data: () => undefined, end: resolve, fail: reject });
      });
      kit.note("told", told);
    },
    expect: { facts: { told: [[103, "link", "</a.css>; rel=preload"]] } },
    hint: "check whether the library tells of responses before the final one",
  }),
];
