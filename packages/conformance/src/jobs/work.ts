/*
 * Runs an order, in whichever runtime: fetches it from the desk, runs the suite, and posts back what came of it, a
 * second's worth at a time, so that little is lost if the runtime ends.
 */

import type { Transport } from "@anyhttp/core";
import { allCases } from "../cases/index.ts";
import type { CellRecord } from "../report/record.ts";
import { runSubject } from "../run/run-suite.ts";
import type { TransportOptions } from "../run/subject.ts";
import { type Order, type Report, toText } from "./order.ts";

/** Carries out the order at `desk`. `prepare` is told it before the first transport is made. */
export async function work(
  desk: string,
  create: (options: TransportOptions) => Transport,
  prepare: (order: Order) => void = () => undefined,
): Promise<void> {
  try {
    const order = (await (await fetch(desk)).json()) as Order;
    prepare(order);
    await post(desk, await carryOut(order, desk, create));
  } catch (error) {
    const fault = error instanceof Error ? String(error.stack ?? error) : String(error);
    await post(desk, { cells: {}, fault });
  }
}

async function carryOut(
  order: Order,
  desk: string,
  create: (options: TransportOptions) => Transport,
): Promise<Report> {
  const { subject, origin, parallel, patience, brief } = order;
  const wanted = new Set(order.cases);
  const told = new Map<string, CellRecord>();
  let fresh: Record<string, CellRecord> = {};
  let last = performance.now();
  let posting: Promise<void> | null = null;
  const run = await runSubject(
    { ...subject, create },
    {
      cases: allCases.filter(({ id }) => wanted.has(id)),
      origin,
      ...(parallel === undefined ? {} : { parallel }),
      ...(patience === undefined ? {} : { patience }),
      onCase(_subject, { id }, cell) {
        fresh[id] = brief === true ? shortened(cell) : cell;
        told.set(id, cell);
        if (posting || performance.now() - last < 1000) return;
        last = performance.now();
        posting = post(desk, { cells: fresh }).finally(() => {
          posting = null;
        });
        fresh = {};
      },
    },
  );
  await (posting as Promise<void> | null);
  const { cells, totals: _totals, ...rest } = run;
  for (const [id, cell] of Object.entries(cells)) if (told.get(id) !== cell) fresh[id] = cell;
  return { cells: fresh, run: rest };
}

function shortened(cell: CellRecord): CellRecord {
  return cell.outcome === "pass" ? { ...cell, observations: [], ledger: null } : cell;
}

async function post(desk: string, report: Report): Promise<void> {
  // As plain text, a web page may send it without asking.
  const response = await fetch(desk, { method: "POST", body: toText(report) });
  await response.arrayBuffer();
}
