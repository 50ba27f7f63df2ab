/* The caller's witness: makes calls and exchanges, and turns what comes of them into observations. Never rejects. */

import { type HttpResponse, isHttpError, type Session } from "@anyhttp/core";
import { fromBytes } from "../case/bytes.ts";
import type { Observation, ObservedError, Reader } from "../case/perform.ts";
import type { Fields } from "../case/script.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Hooks for aborts at instants that only the caller sees. */
export interface ObserveHooks {
  readonly onHead?: () => void;
  readonly onPiece?: () => void;
}

/** Observes one call from its start to the end of its content. */
export async function observeCall(
  method: string,
  start: () => ReturnType<Session["request"]>,
  reader: Reader,
  hooks: ObserveHooks = {},
): Promise<Observation> {
  const began = performance.now();
  const seen: Partial<Mutable<Observation>> = { method };
  try {
    const response = await start();
    describeHead(response, seen);
    hooks.onHead?.();
    const content = await readContent(response, reader, hooks);
    if (content !== undefined) seen.content = content;
    if (reader !== "nothing") seen.trailers = await trailersOf(response);
  } catch (error) {
    seen.error = describeError(error);
    // A status error holds the response; what the caller sees of it counts as seen.
    if (seen.status === undefined && isHttpError(error) && "response" in error) {
      describeHead(error.response as HttpResponse, seen);
    }
  }
  return { ...seen, method, after: performance.now() - began };
}

function describeHead(response: HttpResponse, seen: Partial<Mutable<Observation>>): void {
  seen.status = response.status;
  seen.statusText = response.statusText;
  seen.ok = response.ok;
  seen.url = response.url;
  seen.redirected = response.redirected;
  seen.httpVersion = response.httpVersion;
  seen.headers = [...response.headers.entries()];
  seen.history = response.history.map(({ status, url }) => ({ status, url }));
}

async function trailersOf(response: HttpResponse): Promise<Fields | null> {
  const trailers = await response.trailers;
  return trailers ? [...trailers.entries()] : null;
}

async function readContent(
  response: HttpResponse,
  reader: Reader,
  hooks: ObserveHooks,
): Promise<unknown> {
  if (typeof reader === "function") return reader(response);
  switch (reader) {
    case "text":
      return response.text();
    case "json":
      return response.json();
    case "bytes":
      return fromBytes(await response.bytes());
    case "arrayBuffer":
      return fromBytes(new Uint8Array(await response.arrayBuffer()));
    case "blob":
      return fromBytes(new Uint8Array(await (await response.blob()).arrayBuffer()));
    case "formData":
      return describeForm(await response.formData());
    case "pieces": {
      let all = "";
      for await (const piece of response) {
        all += fromBytes(piece);
        hooks.onPiece?.();
      }
      return all;
    }
    case "lines":
      return collect(response.lines());
    case "ndjson":
      return collect(response.ndjson());
    case "discard":
      response.discard();
      return undefined;
    case "nothing":
      return undefined;
  }
}

async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A form as pairs. */
export async function describeForm(form: FormData): Promise<unknown> {
  const pairs: unknown[] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") pairs.push([name, value]);
    else pairs.push([name, { name: value.name, type: value.type, content: await value.text() }]);
  }
  return pairs;
}

const known = new Set([
  "name",
  "message",
  "stack",
  "code",
  "phase",
  "requestSent",
  "attempt",
  "request",
  "cause",
  "response",
]);

/** An error as data. */
export function describeError(error: unknown): ObservedError {
  if (!isHttpError(error)) {
    const { name, message } =
      error instanceof Error ? error : { name: typeof error, message: String(error) };
    return { http: false, name, message, fields: {}, error };
  }
  const fields = Object.entries(error).filter(([key]) => !known.has(key));
  return {
    http: true,
    name: error.name,
    message: error.message,
    code: error.code,
    phase: error.phase,
    requestSent: error.requestSent,
    retryable: error.retryable,
    attempt: error.attempt,
    fields: Object.fromEntries(fields),
    cause:
      error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : error.cause,
    error,
  };
}
