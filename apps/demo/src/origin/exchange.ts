// One request as the routes see it, and the plain ways to answer it. Knows no route.
import type { IncomingMessage, ServerResponse } from "node:http";

/** A value of httpbin's `args` and `form`: a list where a name came more than once. */
export type Values = Record<string, string | string[]>;

/** One request at the origin, its content read whole, and the response to it. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly content: Buffer;
  /** Aborts when the client has gone, so that no timer outlives it. */
  readonly gone: AbortSignal;
}

/** Answers one path; `parts` are the segments that its pattern left open. */
export type Handler = (exchange: Exchange, ...parts: string[]) => void | Promise<void>;

/** Handlers by pattern, then by method; `ANY` for all methods. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Handler>>>>;

/** A refusal with a status, for handlers to throw. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A whole number of a path segment or parameter. */
export function wholeNumber(text: string | null, fallback: number | null, max: number): number {
  if (text === null && fallback !== null) return fallback;
  if (text === null || !/^\d{1,12}$/.test(text) || Number(text) > max) {
    throw new Refusal(400, `not a whole number up to ${max}: ${text ?? "nothing"}`);
  }
  return Number(text);
}

/** Answers with JSON as httpbin writes it: sorted keys, two spaces, one line feed at the end. */
export function replyJson(
  { response }: Exchange,
  value: object,
  status = 200,
  fields: Readonly<Record<string, string>> = {},
): void {
  replyBytes(response, Buffer.from(jsonText(value)), "application/json", status, fields);
}

/** Answers with bytes of a media type. */
export function replyBytes(
  response: ServerResponse,
  bytes: Uint8Array,
  type: string,
  status = 200,
  fields: Readonly<Record<string, string | string[]>> = {},
): void {
  response.writeHead(status, { ...fields, "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}

/** Pretty JSON with sorted keys. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(names.map(([name, inner]) => [name, sorted(inner)]));
}
