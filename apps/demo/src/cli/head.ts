// Shows the head of a response, where it came from, and how long each phase took.
import type { HttpResponse, Timings } from "@anyhttp/core";
import { duration } from "../format.ts";
import { bad, good, name, quiet, strong, warning } from "../screen/style.ts";
import { printable } from "./printable.ts";
import type { CallFlags } from "./call.ts";

/** Status line and field lines; with `--verbose` the way that led there as well. */
export function headLines(method: string, response: HttpResponse, flags: CallFlags): string[] {
  const { status, statusText, headers } = response;
  const paint = status < 300 ? good : status < 400 ? warning : bad;
  const version = response.httpVersion === null ? "HTTP" : `HTTP/${response.httpVersion}`;
  return [
    ...(flags.verbose ? wayLines(method, response, flags) : []),
    `${quiet(version)} ${paint(strong(`${status} ${printable(statusText)}`.trimEnd()))}`,
    ...[...headers].map(([field, value]) => `${name(field)}: ${printable(value)}`),
  ];
}

function wayLines(method: string, response: HttpResponse, flags: CallFlags): string[] {
  const address = response.connection?.remoteAddress ?? null;
  const port = response.connection?.remotePort ?? "";
  return [
    ...response.history.map(({ status, url }) => quiet(`${status} ${url}`)),
    quiet(`${method} ${response.url}`),
    quiet(
      `over ${flags.transport}${address === null ? "" : `, connected to ${address} port ${port}`}`,
    ),
    "",
  ];
}

const barWidth = 30;

/** One line a phase, with a bar in proportion. */
export function timingLines(timings: Timings): string[] {
  const phases = Object.entries(timings).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && entry[0] !== "total",
  );
  const longest = Math.max(1, ...phases.map(([, ms]) => ms));
  const row = (phase: string, ms: number): string =>
    `${phase.padEnd(10)} ${duration(ms).padStart(8)}`;
  const lines = phases.map(([phase, ms]) =>
    `${quiet(row(phase, ms))}  ${name("▇".repeat(Math.round((ms / longest) * barWidth)))}`.trimEnd(),
  );
  return typeof timings.total === "number"
    ? [...lines, strong(row("total", timings.total))]
    : lines;
}
