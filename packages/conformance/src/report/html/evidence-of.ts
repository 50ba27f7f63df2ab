/* What the page shows of each cell: both witnesses, cut to what a reader can use and a page can carry. */

import type { WireEvent } from "../../case/ledger.ts";
import type { CellRecord, ObservationRecord, RunRecord } from "../record.ts";
import type {
  ArrivalEvidence,
  CallEvidence,
  CellEvidence,
  Evidence,
  WireEvidence,
} from "./client/data.ts";
import { cellOf } from "./page-data.ts";

/** Longer strings are cut: nobody reads 256 KiB of filler in a table, and the page must stay small. */
const longest = 1024;
/** Of a long trace, the beginning and the end tell what happened: a download may be thousands of events. */
const [firstEvents, lastEvents] = [24, 8];
/** Of a burst of calls, the first ones. */
const most = 24;

/** The evidence of one case, by subject. */
export function evidenceOf(id: string, runs: readonly RunRecord[]): Evidence {
  return runs.map(({ cells }) => evidenceOfCell(cellOf(cells, id)));
}

/** The evidence of one cell. */
export function evidenceOfCell({
  judged,
  failures,
  observations,
  ledger,
  known,
  duration,
}: CellRecord): CellEvidence {
  const arrivals = ledger?.arrivals.slice(0, most) ?? [];
  const connections = ledger?.connections.slice(0, most) ?? [];
  const origin = ledger && {
    // The head as sent is in the wire trace.
    arrivals: arrivals.map(({ head: _head, path: _path, ...arrival }): ArrivalEvidence => arrival),
    moreArrivals: ledger.arrivals.length - arrivals.length,
    connections,
    moreConnections: ledger.connections.length - connections.length,
    wire: shortened(ledger.wire).map(wireEvidence),
  };
  const calls = observations.slice(0, most).map(callEvidence);
  const moreCalls = observations.length - calls.length;
  const seen = { judged, failures, calls, moreCalls, origin, known, duration: tenths(duration) };
  return bounded(seen) as CellEvidence;
}

function shortened(wire: readonly WireEvent[]): readonly WireEvent[] {
  const left = wire.length - firstEvents - lastEvents;
  const next = wire[firstEvents];
  if (left <= 1 || !next) return wire;
  const note: WireEvent = { ...next, what: "note", detail: `${left} more events`, size: 0 };
  return [...wire.slice(0, firstEvents), note, ...wire.slice(-lastEvents)];
}

/** Heads come early in a trace; later events are told by their size and how they begin. */
function wireEvidence({ at, detail, ...event }: WireEvent, index: number): WireEvidence {
  return { ...event, at: tenths(at), detail: index < 12 ? detail : detail.slice(0, 96) };
}

function callEvidence({ ok: _ok, after, ...seen }: ObservationRecord): CallEvidence {
  return { ...seen, after: tenths(after) };
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function bounded(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string" && value.length > longest) {
    return `${value.slice(0, longest)}… (${value.length} characters in all)`;
  }
  if (Array.isArray(value)) return value.map(bounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bounded(item)]));
}
