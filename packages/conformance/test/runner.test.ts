/* The runner with cases and subjects that are wrong in themselves: every outcome, and the lists of known failures. */

import { fullCapabilities, type Transport } from "@anyhttp/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as dsl from "../src/case.ts";
import { startOrigin, type RunningOrigin } from "../src/origin/start.ts";
import { toJson } from "../src/report/json.ts";
import { toTerminal } from "../src/report/terminal.ts";
import type { SuiteRecord } from "../src/report/record.ts";
import { count, isBad, outcomes } from "../src/run/outcome.ts";
import { runSuite } from "../src/run/run-suite.ts";
import { fits, select } from "../src/run/select.ts";
import type { Subject } from "../src/run/subject.ts";
import { outsiderTransport } from "./outsider/transport.ts";

let origin: RunningOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

const base: dsl.CaseInit = {
  id: "session/sample/one",
  title: "a sample must pass",
  level: "must",
  origin: [dsl.respond(200, [], "ok")],
  perform: dsl.call("GET", "a"),
  expect: { status: 200, content: "ok" },
  hint: "check that this is a sample",
};
const sample = (changes: Partial<dsl.CaseInit> = {}): dsl.Case =>
  dsl.defineCase({ ...base, ...changes });
const subject = (changes: Partial<Subject> = {}): Subject => ({
  name: "outsider",
  version: null,
  library: null,
  knownFailures: [],
  create: outsiderTransport,
  ...changes,
});
const run = (
  cases: readonly dsl.Case[],
  of: Subject = subject(),
  patience = 0.1,
): Promise<SuiteRecord> => runSuite({ cases, subjects: [of], origin, patience });
const only = (record: SuiteRecord): unknown => {
  const { outcome, failures } = Object.values(record.runs[0]?.cells ?? {})[0] ?? {};
  return [outcome, ...(failures ?? [])];
};

describe("the runner", () => {
  it("passes what is right", async () => {
    const record = await run([sample()]);
    expect(only(record)).toEqual(["pass"]);
    expect([record.ok, record.totals.pass]).toEqual([true, 1]);
  });

  it("fails a case that does not settle, and names what it waits for", async () => {
    expect(only(await run([sample({ origin: [dsl.stall()] })]))).toEqual([
      "fail",
      "GET a has not settled within 1000 ms",
      "calls: expected 1, got 0",
    ]);
  });

  it("fails a case whose own checks fail", async () => {
    const perform = (kit: dsl.Kit): Promise<void> => kit.origin.arrived(1);
    expect(only(await run([sample({ origin: [], perform, expect: {} })]))).toEqual([
      "fail",
      "the origin waited 500 ms for 1 requests to arrive, in vain",
    ]);
    const checking = async (kit: dsl.Kit): Promise<void> => kit.check(false, "the moon");
    expect(only(await run([sample({ origin: [], perform: checking, expect: {} })]))).toEqual([
      "fail",
      "expected the moon",
    ]);
    const never = (kit: dsl.Kit): Promise<void> => kit.neverWithin(500, Promise.resolve(), "that");
    expect(only(await run([sample({ origin: [], perform: never, expect: {} })]))).toEqual([
      "fail",
      "did not expect that",
    ]);
  });

  it("calls a case that throws a harness error, and a factory that throws a setup error", async () => {
    const perform = (): Promise<void> => Promise.reject(new TypeError("oops"));
    expect(only(await run([sample({ perform })]))).toEqual(["harness-error", "TypeError: oops"]);
    const create = (options: { tls?: { ca?: string } }): Transport => {
      if (options.tls) throw new Error("no");
      return outsiderTransport();
    };
    expect(only(await run([sample()], subject({ create })))).toEqual([
      "setup-error",
      "the transport's factory threw: Error: no",
    ]);
  });

  it("judges `otherwise` where a requirement is not met", async () => {
    const create = (): Transport => ({
      ...outsiderTransport(),
      capabilities: { ...fullCapabilities, trailers: "discarded" },
    });
    const requires = { trailers: "exposed" } as const;
    const cell = async (otherwise: dsl.Otherwise): Promise<unknown> =>
      only(await run([sample({ requires, otherwise })], subject({ create })));
    expect(await cell(dsl.expects({ content: "ok" }))).toEqual(["pass"]);
    expect(await cell(dsl.expects({ content: "no" }))).toEqual([
      "fail",
      'content: expected "no", got "ok"',
    ]);
    expect(await cell(dsl.notApplicable("trailers"))).toEqual([
      "not-applicable",
      "the transport declares trailers: discarded",
    ]);
    expect(await cell(dsl.refuses("trailers"))).toContain(
      'expected an error "ERR_UNSUPPORTED", got status 200 with content "ok"',
    );
  });

  it("keeps lists of known failures honest", async () => {
    const failing = sample({ expect: { status: 201 } });
    const passing = sample({ id: "session/sample/two" });
    const entry = (id: string) => ({
      case: id,
      reason: "a reason",
      upstream: "https://example.com/1",
    });
    const list = async (...knownFailures: Subject["knownFailures"]): Promise<SuiteRecord> =>
      run([failing, passing], subject({ knownFailures }));
    const good = await list(entry("session/sample/one"));
    expect([good.ok, good.totals["known-failure"], good.runs[0]?.problems]).toEqual([true, 1, []]);
    const bad = await list(
      entry("session/sample/one"),
      entry("session/sample/one"),
      entry("session/sample/two"),
      entry("x"),
    );
    expect([bad.ok, bad.runs[0]?.problems]).toEqual([
      false,
      [
        "known failure session/sample/one is listed twice",
        "known failure session/sample/two is stale: the outcome is pass. Remove the entry",
        "known failure x matches no case",
      ],
    ]);
    const vague = await list({ case: "session/sample/one", reason: "", upstream: "somewhere" });
    expect(vague.runs[0]?.problems).toHaveLength(2);
  });

  it("fails breaches of the contract that no caller sees", async () => {
    const create = (): Transport => {
      const correct = outsiderTransport();
      return {
        ...correct,
        send: (request) => correct.send(request).then(() => Promise.reject(new Error("bare"))),
      };
    };
    expect(only(await run([sample()], subject({ create })))).toContain(
      "contract: send rejected with Error: bare, which is no HttpError",
    );
  });

  it("finds whose rejection escaped when several cases ran", async () => {
    const create = (): Transport => {
      const correct = outsiderTransport();
      return {
        ...correct,
        send(request) {
          if (request.method === "PUT") void Promise.reject(new Error("lost"));
          return correct.send(request);
        },
      };
    };
    const slow = [dsl.sequence(dsl.pause(50), dsl.respond(200, [], "ok"))];
    const guilty = sample({
      id: "session/sample/put",
      perform: dsl.call("PUT", "a"),
      origin: slow,
    });
    const { runs } = await run([sample({ origin: slow }), guilty], subject({ create }));
    const cells = runs[0]?.cells ?? {};
    expect(cells["session/sample/one"]?.outcome).toBe("pass");
    expect(cells["session/sample/put"]?.failures).toEqual([
      "escaped: unhandledRejection: Error: lost",
    ]);
  });

  it("reports nothing that differs from run to run", async () => {
    const cases = [
      sample({ expect: { error: { code: "ERR_ABORTED" } } }),
      sample({ id: "session/sample/two", perform: dsl.call("GET", "{main}x:y") }),
    ];
    const [first, second] = [toJson(await run(cases)), toJson(await run(cases))];
    expect(first).toEqual(second);
    const text = toTerminal(await run(cases), { colour: false, verbose: true });
    expect(text).not.toMatch(/127\.0\.0\.1|\/run\//);
    expect(text).toContain("2 cases × 1 transports = 2: 1 passed, 1 failed");
    expect(text).toContain("check that this is a sample");
  });
});

describe("cases", () => {
  const wrong: readonly (readonly [Partial<dsl.CaseInit>, RegExp])[] = [
    [{ id: "session/Sample/one" }, /kebab-case/],
    [{ id: "elsewhere/sample/one" }, /area\/topic\/name/],
    [{ title: "A sentence." }, /one sentence/],
    [{ requires: { trailers: "exposed" } }, /needs otherwise/],
    [{ otherwise: dsl.refuses("trailers") }, /needs requires/],
    [{ level: "probe" }, /go together/],
    [
      {
        level: "probe",
        probes: "trailers",
        requires: { redirects: "visible" },
        otherwise: dsl.refuses("redirects"),
      },
      /a value of what it probes/,
    ],
    [{ hint: "look" }, /hint/],
  ];
  it.each(wrong)("do not load when they are wrong: %j", (changes, message) => {
    expect(() => sample(changes)).toThrow(message);
  });

  it("are chosen by glob", () => {
    expect(fits("session/redirect/loop", "session/redirect")).toBe(true);
    expect(fits("session/redirect/loop", "session/*/loop")).toBe(true);
    expect(fits("session/redirect/loop", "**/loop")).toBe(true);
    expect(fits("session/redirect/loop", "session/red")).toBe(false);
    expect(fits("session/redirect/loop", "*/loop")).toBe(false);
    expect(select([sample()], ["transport/**", "session/**"])).toMatchObject({
      cases: [{ id: base.id }],
      unmatched: ["transport/**"],
    });
  });
});

describe("outcomes", () => {
  it("are counted, none left out", () => {
    expect(Object.keys(count([]))).toEqual(outcomes);
    expect(outcomes.filter(isBad)).toEqual(["fail", "setup-error", "harness-error"]);
  });
});
