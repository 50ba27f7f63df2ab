/* Probe of what a transport tells of the content that it writes. It drives the bare transport. */

import { type Case, defineCase, expects, type Kit, respond, toBytes } from "../../case.ts";
import { silent, targetOf } from "../../run/exchange.ts";

const part = 20_000;
const piece = (): Uint8Array<ArrayBuffer> => toBytes("a".repeat(part));

/** Sends content while its trace is watched; notes what was told of it, and when. */
async function send(kit: Kit): Promise<void> {
  const told: number[] = [];
  let beforeSent = -1;
  let whileWaiting = 0;
  async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    yield piece();
    // The rest does not come before the first is told of, or would have been.
    for (let i = 0; i < 20 && whileWaiting === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      whileWaiting = told.at(-1) ?? 0;
    }
    yield piece();
  }
  const streams = kit.capabilities.requestStreaming === "half-duplex";
  const response = await kit.transport.send({
    method: "POST",
    target: targetOf(new URL("a", kit.urls["main"])),
    headers: [],
    body: streams ? { source: pieces(), length: null } : toBytes("a".repeat(2 * part)),
    expectContinue: false,
    signal: { aborted: false, reason: undefined, onabort: null },
    trace: {
      ...silent,
      watchesUpload: true,
      wrote: (bytes) => void told.push(bytes),
      mark(step) {
        if (step === "sent") beforeSent = told.at(-1) ?? 0;
      },
    },
  });
  await new Promise((resolve, reject) => {
    response.body.start({ data: () => undefined, end: resolve, fail: reject });
  });
  kit.note("told", told.length > 0);
  kit.note(
    "forward",
    told.every((bytes, index) => bytes >= (told[index - 1] ?? 0)),
  );
  kit.note("atOnce", !streams || whileWaiting === part);
  kit.note("beforeSent", beforeSent);
}

/** Probes of capabilities about progress. */
export const progressProbes: readonly Case[] = [
  defineCase({
    id: "probe/upload-progress/written",
    title: "what the connection has taken of request content is told as it happens",
    level: "probe",
    probes: "uploadProgress",
    requires: { uploadProgress: "written" },
    otherwise: expects({ facts: { told: false } }),
    origin: [respond(200)],
    perform: send,
    expect: { facts: { told: true, forward: true, atOnce: true, beforeSent: 2 * part } },
    hint: "check what trace.wrote is told, and when",
  }),
];
