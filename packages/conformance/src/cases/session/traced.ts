/* What a session with a tracer tells, by call and by exchange: for cases about the trace. */

import type { TraceEvent } from "@anyhttp/core";
import type { CallOptions, Kit } from "../../case/perform.ts";

/** A session that is traced, and what it has told so far. */
export function traced(
  kit: Kit,
  options: CallOptions = {},
): { session: ReturnType<Kit["makeSession"]>; events: TraceEvent[] } {
  const events: TraceEvent[] = [];
  const trace = (event: TraceEvent): void => void events.push(event);
  return { session: kit.makeSession({ ...options, trace }), events };
}

/** The types of events, in order; how many pieces content comes in is nobody's business. */
export function typesOf(events: readonly TraceEvent[]): string[] {
  return events
    .map(({ type }) => type as string)
    .filter((type, index, all) => type !== "piece" || all[index - 1] !== "piece");
}

/** Notes the types of events: as `call` those of the call itself, as `exchange 1` and so on those of each exchange. */
export function noteTypes(kit: Kit, events: readonly TraceEvent[]): void {
  for (const number of new Set(events.map(({ exchange }) => exchange))) {
    const own = events.filter(({ exchange }) => exchange === number);
    kit.note(number === null ? "call" : `exchange ${number}`, typesOf(own));
  }
}

/** The code of the error that an event of this type tells; `null` if it tells of none, `undefined` if there is no such event. */
export function codeIn(events: readonly TraceEvent[], type: TraceEvent["type"]): unknown {
  const event = events.findLast((one) => one.type === type);
  const error = event && "error" in event ? event.error : undefined;
  return error ? error.code : error;
}

/** What every call tells of itself if nothing special happens. */
export const callTypes: readonly string[] = ["call-begin", "call-end"];

/** What an exchange tells, by how it comes to its connection. */
export const exchangeTypes: Readonly<Record<"begins" | "connects" | "ends", readonly string[]>> = {
  begins: ["exchange-begin", "granted"],
  connects: ["connecting", "opened", "connected"],
  ends: ["sent", "head", "piece", "exchange-end"],
};
