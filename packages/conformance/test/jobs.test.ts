/* Several processes: how cases are shared out, and that each has an outcome whatever becomes of its process. */

import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { allCases } from "../src/cases/index.ts";
import type { Order } from "../src/jobs/order.ts";
import { type Cell, runJobs } from "../src/jobs/run-jobs.ts";
import { split } from "../src/jobs/split.ts";
import { select } from "../src/run/select.ts";

const subject = { name: "mine", version: null, library: null, knownFailures: [] };
const runtime = { name: "node", version: "0" };

/** Starts what hands in a cell for each case that it is to run. */
const handingIn =
  (cellOf: (id: string, order: Order) => object, ran = runtime): Cell["start"] =>
  async ({ order: url }) => {
    const order = (await (await fetch(url)).json()) as Order;
    const cells = Object.fromEntries(order.cases.map((id) => [id, cellOf(id, order)]));
    const run = { runtime: ran, capabilities: {}, problems: [] };
    await fetch(url, { method: "POST", body: JSON.stringify({ cells, run }) });
    return "";
  };

describe("shares", () => {
  it("hold every case once, those that judge durations apart and a few at a time", () => {
    const shares = split(allCases, 40);
    const [bulk, ...alone] = shares;
    expect(shares.flatMap(({ cases }) => cases).toSorted()).toEqual(
      allCases.map(({ id }) => id).toSorted(),
    );
    expect(bulk?.exclusive).toBe(false);
    for (const { cases, exclusive } of alone) {
      expect(exclusive).toBe(true);
      expect(cases.length).toBeLessThanOrEqual(40);
    }
  });

  it("are none where there is no case", () => {
    expect(split([])).toEqual([]);
  });
});

describe("a process", () => {
  const { cases } = select(allCases, ["probe/*/*"]);
  const run = (start: Cell["start"]): ReturnType<typeof runJobs> =>
    runJobs({ cells: [{ subject, runtime, start }], cases, allCases, jobs: 2, limit: 2000 });

  it("that ends without a word leaves each case with an outcome that says so", async () => {
    const { runs, totals, ok } = await run(() => Promise.resolve("status 1"));
    expect(ok).toBe(false);
    expect(totals["harness-error"]).toBe(cases.length);
    expect(runs[0]?.problems).toEqual(["the process ended: status 1"]);
  });

  const lost = async (times: number, restarts: boolean): Promise<unknown[]> => {
    const orders: (readonly string[])[] = [];
    const told: string[] = [];
    const passed = { outcome: "pass", known: null, failures: [] };
    const { runs, totals, ok } = await runJobs({
      cells: [
        {
          subject,
          runtime,
          restarts,
          async start(situation) {
            const { cases: ids } = (await (await fetch(situation.order)).json()) as Order;
            orders.push(ids);
            if (orders.length > times) return handingIn(() => passed)(situation);
            const cells = Object.fromEntries(ids.slice(0, 1).map((id) => [id, passed]));
            await fetch(situation.order, { method: "POST", body: JSON.stringify({ cells }) });
            return "status 1";
          },
        },
      ],
      cases,
      allCases,
      jobs: 1,
      limit: 2000,
      onFault: (_cell, what) => told.push(what),
    });
    const failed = totals["harness-error"];
    return [ok, failed, runs[0]?.problems, told, orders.map(({ length }) => length)];
  };

  it("that a runtime lost is made good by another, once, and only where that is a runtime's way", async () => {
    const all = cases.length;
    const why = "the process ended: status 1";
    expect(await lost(1, true)).toEqual([true, 0, [], [why], [all, all - 1]]);
    expect(await lost(2, true)).toEqual([false, all - 2, [why], [why, why], [all, all - 1]]);
    expect(await lost(1, false)).toEqual([false, all - 1, [why], [why], [all]]);
  });

  it("that hangs is stopped, and has ended when all is over", async () => {
    let ended = false;
    const { runs } = await run(({ signal, started }) => {
      const child = spawn("sleep", ["60"]);
      started(child.pid);
      signal.addEventListener("abort", () => child.kill("SIGKILL"));
      return new Promise((resolve) => {
        child.once("exit", (_code, name) => {
          ended = true;
          resolve(String(name));
        });
      });
    });
    expect(ended).toBe(true);
    expect(runs[0]?.problems).toEqual(["it was stopped after 2000 ms"]);
  });

  it("is not believed when it fails a case, or passes one that is known to fail, until that ran alone", async () => {
    const [passes, fails] = cases.map(({ id }) => id) as [string, string];
    const known = { case: fails, reason: "it does", upstream: "https://example.org/1" };
    const orders = new Set<Order>();
    const { runs, ok } = await runJobs({
      cells: [
        {
          subject: { ...subject, knownFailures: [known] },
          runtime,
          start: handingIn((id, order) => {
            const alone = orders.add(order).size > 1;
            const outcomes: Record<string, object> = {
              [passes]: { outcome: alone ? "pass" : "fail", known: null },
              [fails]: { outcome: alone ? "known-failure" : "pass", known },
            };
            return { failures: [], ...(outcomes[id] ?? { outcome: "pass", known: null }) };
          }),
        },
      ],
      cases,
      allCases,
      jobs: 1,
      limit: 2000,
    });
    expect(orders.size).toBe(2);
    expect([...orders][1]?.cases).toEqual([passes, fails]);
    expect(runs[0]?.problems).toEqual([]);
    expect(runs[0]?.totals["known-failure"]).toBe(1);
    expect(ok).toBe(true);
  });

  it("is heard a third time, one case after the other, and then believed", async () => {
    const [passes, fails] = cases.map(({ id }) => id) as [string, string];
    const orders = new Set<Order>();
    const again: (readonly string[])[] = [];
    const start = handingIn((id, order) => {
      const last = orders.add(order).size === 3;
      const early = last ? "pass" : "harness-error";
      const outcome = id === fails ? "fail" : id === passes ? early : "pass";
      return { outcome, known: null, failures: [] };
    });
    const { totals, ok } = await runJobs({
      cells: [{ subject, runtime, start, parallel: 4 }],
      cases,
      allCases,
      jobs: 1,
      limit: 2000,
      onAgain: (_cell, ids) => again.push(ids),
    });
    expect([...orders].map(({ parallel }) => parallel)).toEqual([4, 4, 1]);
    expect(again).toEqual([
      [passes, fails],
      [passes, fails],
    ]);
    expect(totals.fail).toBe(1);
    expect(ok).toBe(false);
  });

  it("hands in its cells, each of which is told", async () => {
    const told = new Set<string>();
    const cell = { outcome: "pass", judged: "expect", failures: [] };
    const { runs, totals } = await runJobs({
      cells: [
        {
          subject,
          runtime,
          start: handingIn(() => cell, { name: "other", version: "1" }),
        },
      ],
      cases,
      allCases,
      jobs: 1,
      limit: 2000,
      onCase: (_cell, id) => told.add(id),
    });
    expect(totals.pass).toBe(cases.length);
    expect(told.size).toBe(cases.length);
    expect(runs[0]?.runtime.name).toBe("other");
  });
});
