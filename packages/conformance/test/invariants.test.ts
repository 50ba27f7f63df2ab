/* What the runner looks at around every case, each with a transport that breaks it. */

import { httpError, type Transport } from "@anyhttp/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as dsl from "../src/case.ts";
import { startOrigin, type RunningOrigin } from "../src/origin/start.ts";
import type { SuiteRecord } from "../src/report/record.ts";
import { runSuite } from "../src/run/run-suite.ts";
import { outsiderTransport } from "./outsider/transport.ts";

let origin: RunningOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

const sample = (changes: Partial<dsl.CaseInit> = {}): dsl.Case =>
  dsl.defineCase({
    id: "transport/sample/one",
    title: "a sample must pass",
    level: "must",
    origin: [dsl.respond(200, [], "ok")],
    perform: dsl.call("GET", "a"),
    expect: { status: 200, content: "ok" },
    hint: "check that this is a sample",
    ...changes,
  });

async function run(of: dsl.Case, create: () => Transport): Promise<SuiteRecord["runs"][number]> {
  const subject = { name: "spoilt", version: null, library: null, knownFailures: [], create };
  const { runs } = await runSuite({ cases: [of], subjects: [subject], origin, patience: 0.1 });
  const [judged] = runs;
  if (!judged) throw new Error("the suite has judged nothing");
  return judged;
}

const failures = ({ cells }: SuiteRecord["runs"][number]): readonly string[] =>
  Object.values(cells)[0]?.failures ?? [];

/** A transport that sends in another way. */
function sending(
  send: (
    request: Parameters<Transport["send"]>[0],
    correct: Transport,
  ) => ReturnType<Transport["send"]>,
): () => Transport {
  return () => {
    const correct = outsiderTransport();
    return { ...correct, send: (request) => send(request, correct) };
  };
}

describe("after every case", () => {
  it("the next request on the same transport succeeds", async () => {
    let sent = 0;
    const once = sending((request, correct) =>
      sent++ > 0 ? Promise.reject(httpError("ERR_NETWORK")) : correct.send(request),
    );
    expect(failures(await run(sample(), once))).toEqual([
      expect.stringMatching(/^the next request on the same transport failed: .*ERR_NETWORK/),
    ]);
  });

  it("that request is no part of the case", async () => {
    const of = sample({
      expect: {
        status: 200,
        content: "ok",
        arrivals: [{ path: "a" }],
        connections: [{ requests: 1 }],
      },
    });
    expect(failures(await run(of, outsiderTransport))).toEqual([]);
  });

  it("that request is answered although the script is not over", async () => {
    const stuck = [dsl.sequence(dsl.respond(200, [], "ok"), dsl.gate("never"))];
    expect(failures(await run(sample({ origin: stuck }), outsiderTransport))).toEqual([]);
  });

  it("no error shows what the runner planted", async () => {
    const talkative = sending((request) =>
      Promise.reject(httpError("ERR_NETWORK", { what: request.headers.join(" ") })),
    );
    const of = sample({ origin: [], expect: { error: { code: "ERR_NETWORK" }, arrivals: 0 } });
    expect(failures(await run(of, talkative))).toContain(
      "an error shows credentials of the request: ConnectionError",
    );
  });

  it("no timer keeps the process alive", async () => {
    const timers: NodeJS.Timeout[] = [];
    const forgetful = sending((request, correct) => {
      timers.push(setTimeout(() => undefined, 60_000));
      return correct.send(request);
    });
    const { problems } = await run(sample(), forgetful);
    timers.forEach(clearTimeout);
    expect(problems).toEqual([
      expect.stringMatching(/^timers left when all sessions were closed: \d+$/),
    ]);
  });

  it("no connection is left open", async () => {
    const keeping = (): Transport => ({ ...outsiderTransport(), close: () => Promise.resolve() });
    expect(failures(await run(sample(), keeping))).toEqual([
      "a connection was left open after session.close()",
    ]);
  });
});
