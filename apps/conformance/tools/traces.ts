// Reference traces: what both witnesses saw of each case in one run on one subject, without what differs from run to
// run, and without what is as it nearly always is. Kept by area, a case a line, so that changes can be read.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CellEvidence } from "@anyhttp/conformance/view";
import { areaFile } from "../src/data.ts";
import { tracesFolder } from "./places.ts";

/** Longer strings are cut; of calls, requests, connections and events there are at most so many. */
const [longest, most] = [280, 12];

/** What is left out where it is as here. */
const usual: Readonly<Record<string, unknown>> = {
  door: "main",
  filler: true,
  version: "1.1",
  httpVersion: "1.1",
  framing: "none",
  contentLength: 0,
  complete: true,
  scripted: true,
  redirected: false,
  tls: null,
  servername: null,
  moreCalls: 0,
  moreArrivals: 0,
  moreConnections: 0,
  known: null,
  at: null,
  after: null,
  duration: 0,
  content: "",
  attempt: 1,
};
const empty = new Set(["faults", "trailers", "failures", "history", "headers"]);

/** The traces of one area. */
export interface Traces {
  readonly subject: string;
  readonly cases: Readonly<Record<string, unknown>>;
}

/** The evidence of a cell, made ready to be kept. */
export function compact(evidence: CellEvidence): unknown {
  const { origin, calls, moreCalls } = evidence;
  const kept = {
    ...evidence,
    duration: 0,
    calls: calls.slice(0, most).map((call) => ({ ...call, after: null })),
    moreCalls: moreCalls + Math.max(0, calls.length - most),
    origin: origin && {
      ...origin,
      arrivals: origin.arrivals.slice(0, most),
      moreArrivals: origin.moreArrivals + Math.max(0, origin.arrivals.length - most),
      connections: origin.connections.slice(0, most),
      moreConnections: origin.moreConnections + Math.max(0, origin.connections.length - most),
      wire: wireOf(origin.wire),
    },
  };
  return slim(kept);
}

/** What {@link compact} has left out is put in again. */
export function expand(kept: unknown): CellEvidence {
  const evidence = kept as CellEvidence;
  const { origin } = evidence;
  const full = <T>(of: T, ...names: readonly string[]): T => {
    const defaults = names.map((name) => [name, empty.has(name) ? [] : usual[name]]);
    return { ...(Object.fromEntries(defaults) as object), ...of };
  };
  return {
    ...full(evidence, "failures", "known", "duration", "moreCalls"),
    calls: evidence.calls.map((call) => full(call, "after")),
    origin: origin && {
      ...full(origin, "moreArrivals", "moreConnections"),
      arrivals: origin.arrivals.map((one) =>
        full(
          one,
          ..."door version framing contentLength content filler trailers complete faults scripted".split(
            " ",
          ),
        ),
      ),
      connections: origin.connections.map((one) => full(one, "door", "tls", "servername")),
      wire: origin.wire.map((event) => full(event, "at")),
    },
  };
}

/** Reads the traces of an area; `null` if there are none. */
export function readTraces(area: string): Traces | null {
  const file = join(tracesFolder, areaFile(area));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Traces) : null;
}

/** Writes the traces of all areas, and nothing else is left in their folder. */
export function writeTraces(byArea: ReadonlyMap<string, Traces>): void {
  rmSync(tracesFolder, { recursive: true, force: true });
  mkdirSync(tracesFolder, { recursive: true });
  for (const [area, { subject, cases }] of byArea) {
    const lines = Object.entries(cases)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, trace]) => `${JSON.stringify(id)}:${JSON.stringify(trace)}`);
    const text = `{"subject":${JSON.stringify(subject)},"cases":{\n${lines.join(",\n")}\n}}\n`;
    writeFileSync(join(tracesFolder, areaFile(area)), text);
  }
}

type Wire = NonNullable<CellEvidence["origin"]>["wire"];

/** The beginning and the end of the wire; only the first heads are kept whole, and no times. */
function wireOf(wire: Wire): unknown[] {
  const [first, last] = [most, 4];
  const left = wire.length - first - last;
  const events =
    left > 1
      ? [
          ...wire.slice(0, first),
          {
            connection: wire[first]?.connection ?? 0,
            what: "note",
            detail: `${left} more events`,
            size: 0,
          },
          ...wire.slice(-last),
        ]
      : wire;
  return events.map((event) => ({ ...event, at: null }));
}

/** Without what is usual, cut, and with placeholders for what differs from run to run. */
function slim(value: unknown): unknown {
  if (typeof value === "string") {
    const text = withPlaceholders(value);
    // Cut to a fixed length, whatever was in it before.
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  }
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) =>
      key !== "elapsed" &&
      !(key in usual && usual[key] === item) &&
      !(empty.has(key) && Array.isArray(item) && item.length === 0),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, slim(item)]));
}

const placeholders: readonly (readonly [RegExp, string])[] = [
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, "{date}"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "{time}"],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "{uuid}"],
  [/(boundary=)"?[\w'()+,./:=?-]+"?/g, "$1{boundary}"],
  [/-{2,}[\w-]{16,}(?=\r\n|--|$)/gm, "--{boundary}"],
  [/\b(cnonce|response)="?[0-9a-f]+"?/gi, '$1="{$1}"'],
  [/\b((?:127\.0\.0\.1|localhost|\[::1\]):)\d{4,5}\b/g, "$1{port}"],
  [/\bafter \d+(?:\.\d+)? ms\b/g, "after {time} ms"],
];

function withPlaceholders(text: string): string {
  return placeholders.reduce((all, [pattern, to]) => all.replaceAll(pattern, to), text);
}
