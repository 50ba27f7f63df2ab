// Shows what a session tells of a call while it runs, one line an event.
import { isHttpError, type TraceEvent, type Tracer } from "@anyhttp/core";
import { duration, size } from "../format.ts";
import { bad, name, quiet } from "../screen/style.ts";

/** What writes events as they come; times are since the first. Single pieces of content are too many to be shown. */
export function traceTo(write: (text: string) => unknown): Tracer {
  let began: number | null = null;
  return (event) => {
    began ??= event.time;
    if (event.type === "piece") return;
    const time = quiet(duration(event.time - began).padStart(8));
    write(`${time}  ${[name(event.type), ...factsOf(event)].join("  ")}\n`);
  };
}

function factsOf(event: TraceEvent): string[] {
  const { time: _, call: __, exchange, type, method, url, attempt, ...facts } = event;
  const target = type === "exchange-begin" ? [`${exchange}. ${method} ${url}`] : [];
  const again = type === "exchange-begin" && attempt > 1 ? [`attempt ${attempt}`] : [];
  const rest = Object.entries(facts).flatMap(([fact, value]) =>
    value === null ? [] : [`${fact} ${textOf(fact, value)}`],
  );
  return [...target, ...again, ...rest];
}

function textOf(fact: string, value: unknown): string {
  if (isHttpError(value)) return bad(value.code);
  if (fact === "bytes") return size(Number(value));
  if (fact === "waited" || fact === "delay") return duration(Number(value));
  if (fact === "connection") {
    const { remoteAddress, remotePort } = value as { remoteAddress: unknown; remotePort: unknown };
    return `${String(remoteAddress)} port ${String(remotePort)}`;
  }
  return String(value);
}
