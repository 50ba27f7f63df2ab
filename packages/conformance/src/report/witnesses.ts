/* Both witnesses of a case in lines of text: what the caller got, what the origin saw, and the wire. */

import type { Arrival, Connection, WireEvent } from "../case/ledger.ts";
import { show } from "../run/compare.ts";
import type { CellRecord, ObservationRecord } from "./record.ts";

/** One labelled line. */
export type WitnessLine = readonly [label: "caller" | "origin" | "wire", text: string];

/** Says what both witnesses saw. */
export function witnessLines({ observations, ledger }: CellRecord, events = 24): WitnessLine[] {
  const lines: WitnessLine[] = observations.map((seen) => ["caller", describeObservation(seen)]);
  if (lines.length === 0) lines.push(["caller", "got nothing"]);
  if (!ledger) return lines;
  for (const arrival of ledger.arrivals) lines.push(["origin", describeArrival(arrival)]);
  for (const connection of ledger.connections)
    lines.push(["origin", describeConnection(connection)]);
  if (ledger.connections.length === 0) lines.push(["origin", "saw no connection"]);
  const wire = joined(ledger.wire);
  for (const event of wire.slice(0, events)) lines.push(["wire", describeEvent(event)]);
  if (wire.length > events) lines.push(["wire", `… and ${wire.length - events} more`]);
  return lines;
}

/** What went the same way in a row, as one event: pieces of one byte would fill the screen. */
function joined(wire: readonly WireEvent[]): WireEvent[] {
  const all: WireEvent[] = [];
  for (const event of wire) {
    const last = all.at(-1);
    const same = last?.what === event.what && last.connection === event.connection;
    if (last && same && (event.what === "sent" || event.what === "received")) {
      all.splice(-1, 1, {
        ...last,
        detail: last.detail + event.detail,
        size: last.size + event.size,
      });
    } else all.push(event);
  }
  return all;
}

function describeObservation({
  method,
  status,
  statusText,
  content,
  error,
  after,
  trailers,
}: ObservationRecord): string {
  const parts = [];
  if (status !== undefined) parts.push(`${status}${statusText ? ` ${statusText}` : ""}`);
  if (content !== undefined) parts.push(`content ${show(content, 100)}`);
  if (trailers && trailers.length > 0) parts.push(`trailers ${show(trailers, 100)}`);
  if (error) {
    const { name, code, phase, requestSent, message } = error;
    parts.push(
      `${name} ${code ?? "without a code"} (phase ${phase}, sent ${requestSent}): ${message}`,
    );
  }
  return `${method} → ${parts.join(", ") || "nothing"} after ${Math.round(after)} ms`;
}

function describeArrival({
  connection,
  door,
  method,
  path,
  framing,
  contentLength,
  complete,
  faults,
}: Arrival): string {
  const sound = faults.length > 0 ? `, not sound: ${faults.join("; ")}` : "";
  const content = framing === "none" ? "no content" : `${contentLength} bytes (${framing})`;
  return `${method} ${path} at ${door}, connection ${connection}, ${content}${complete ? "" : ", incomplete"}${sound}`;
}

function describeConnection({ number, door, tls, requests, closed }: Connection): string {
  return `connection ${number} at ${door}${tls ? ` (${tls})` : ""}: ${requests} requests, ${closed ?? "left open"}`;
}

function describeEvent({ at, connection, what, detail, size }: WireEvent): string {
  const bytes = what === "sent" || what === "received";
  const arrow = { sent: "←", received: "→", open: "+", closed: "×", secured: "+", note: "!" }[what];
  const text = bytes
    ? `${show(detail, 110)}${size > detail.length ? ` of ${size} bytes` : ""}`
    : `${what} ${detail}`;
  return `${String(at).padStart(5)} ms  #${connection} ${arrow} ${text}`;
}
