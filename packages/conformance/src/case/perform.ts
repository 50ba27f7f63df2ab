/*
 * What a case does with a session: calls as data, or an asynchronous function over a kit for what data cannot say. It
 * also holds the caller's witness, the observation.
 */

import type { Capabilities, Session, Transport } from "@anyhttp/core";
import type { ByteString } from "./bytes.ts";
import type { Fields } from "./script.ts";
import type { Fetching } from "./fetching.ts";
import type { Ledger } from "./ledger.ts";

/** How the content of a response is read, and what becomes `content` of the observation. */
export type Reader =
  /** `text()`, a string. */
  | "text"
  /** `json()`, a value. */
  | "json"
  /** `bytes()`, a byte string. */
  | "bytes"
  /** Iterated piece by piece; a byte string of all. */
  | "pieces"
  /** `lines()` and `ndjson()`, arrays. */
  | "lines"
  | "ndjson"
  /** `arrayBuffer()`, `blob()`: byte strings; `formData()`: pairs. */
  | "arrayBuffer"
  | "blob"
  | "formData"
  /** `discard()`: `content` stays absent. */
  | "discard"
  /** Only the head; the content is left alone until the session is closed. */
  | "nothing"
  /** Anything else; what it resolves to becomes `content`. */
  | ((response: Awaited<ReturnType<Session["request"]>>) => Promise<unknown>);

/** The readers by name: `read.text`. */
export const read: { readonly [K in Extract<Reader, string>]: K } = {
  text: "text",
  json: "json",
  bytes: "bytes",
  pieces: "pieces",
  lines: "lines",
  ndjson: "ndjson",
  arrayBuffer: "arrayBuffer",
  blob: "blob",
  formData: "formData",
  discard: "discard",
  nothing: "nothing",
};

/** When the signal of a call fires; the instants are those that the origin or the caller sees, never times. */
export type AbortInstant =
  /** Before the call is made. */
  | "before"
  /** In the tick after it was made. */
  | "called"
  /** When the origin has accepted a connection. */
  | "connected"
  /** When the head of the request has arrived at the origin. */
  | "arrived"
  /** When the caller has the head of the response. */
  | "head"
  /** When the caller has the first piece of content (with `read.pieces`). */
  | "piece";

/** Options of a call: those of the session, deliberately loose, because cases pass wrong ones too. */
export type CallOptions = Readonly<Record<string, unknown>>;

/** One call of the session. Strings in `url` and `options` may hold placeholders such as `{other}`. */
export interface Call {
  readonly kind: "call";
  readonly method: string;
  readonly url: string;
  /** A function where something must be made anew for each run: streams, iterables, signals, FormData. */
  readonly options: CallOptions | (() => CallOptions);
  readonly read: Reader;
  readonly abort?: { readonly when: AbortInstant; readonly reason: unknown };
}

/** One exchange of the bare transport, below the session: for probes and for the transport contract. */
export interface Exchange {
  readonly kind: "exchange";
  readonly method: string;
  readonly url: string;
  readonly headers: Fields;
  readonly body: ByteString | null;
}

/** Several calls at once. */
export interface Together {
  readonly kind: "together";
  readonly calls: readonly (Call | Exchange | Fetching)[];
}

/** What a case does: one thing, several in turn, or a function. */
export type Perform =
  | Call
  | Exchange
  | Fetching
  | Together
  | readonly (Call | Exchange | Fetching | Together)[]
  | ((kit: Kit) => Promise<Observation | readonly Observation[] | void>);

/** A call of the session, its content read as text unless said otherwise: `call("POST", "a", { json: 1 }, read.json)`. */
export function call(
  method: string,
  url: string,
  options: CallOptions | (() => CallOptions) = {},
  reader: Reader = read.text,
): Call {
  return { kind: "call", method, url, options, read: reader };
}

/** A call whose `signal` fires at a named instant, with a reason. */
export function aborted<T extends Call | Fetching>(
  of: T,
  when: AbortInstant,
  reason: unknown = "the case's own reason",
): T {
  return { ...of, abort: { when, reason } };
}

/** Several calls at once; the observations come in the order written. */
export function together(...calls: Together["calls"]): Together {
  return { kind: "together", calls };
}

/** An exchange of the bare transport. */
export function exchange(
  method: string,
  url: string,
  headers: Fields = [],
  body: ByteString | null = null,
): Exchange {
  return { kind: "exchange", method, url, headers, body };
}

/** An error as the caller saw it. */
export interface ObservedError {
  /** Whether `isHttpError` accepts it, or it is what a fetch may reject with; all else is a breach by itself. */
  readonly http: boolean;
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly phase?: string;
  readonly requestSent?: string;
  readonly retryable?: boolean;
  readonly attempt?: number;
  /** Fields of the class, where present: `option`, `capability`, `limit`, `elapsed`, `status`, `issues`, … */
  readonly fields: Readonly<Record<string, unknown>>;
  /** `name: message` of the cause, or the cause itself if it is a primitive value. */
  readonly cause?: unknown;
  /** The very error, for functions. */
  readonly error: unknown;
}

/** What the caller of one call got. Addresses of the run are replaced by placeholders: `{main}b`. */
export interface Observation {
  readonly method: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly ok?: boolean;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly httpVersion?: string | null;
  readonly headers?: Fields;
  /** Trailer fields; `null` where they cannot be known. */
  readonly trailers?: Fields | null;
  readonly history?: readonly { readonly status: number; readonly url: string }[];
  readonly content?: unknown;
  readonly error?: ObservedError;
  /** Milliseconds from the call until all of it had settled. */
  readonly after: number;
}

/** What a function of a case works with. Nothing in it rejects because of the subject, save `within` and `check`. */
export interface Kit {
  readonly session: Session;
  /** The subject's transport, the very one that the session uses. */
  readonly transport: Transport;
  readonly capabilities: Capabilities;
  /** Base URLs by door: `urls.main`. */
  readonly urls: Readonly<Record<string, string>>;
  readonly origin: OriginKit;
  /** Makes a call (or an exchange, or a fetch) and observes it. */
  call(call: Call | Exchange | Fetching): Promise<Observation>;
  /** Observes a call made by hand: `observe(() => kit.session.get("a"), read.text)`. */
  observe(start: () => ReturnType<Session["request"]>, reader?: Reader): Promise<Observation>;
  /** One more session, on a transport of its own unless one is given; closed with the case. */
  makeSession(options?: CallOptions): Session;
  /** Waits for a promise, and fails the case if it takes longer. `what` is read after "waited for". */
  within<T>(ms: number, promise: Promise<T>, what: string): Promise<T>;
  /** Watches for so long that a promise does not settle, and fails the case if it does. */
  neverWithin(ms: number, promise: Promise<unknown>, what: string): Promise<void>;
  /** Fails the case unless a condition holds. `what` is read after "expected". */
  check(condition: boolean, what: string): void;
  /** Notes a fact for `expect.facts`. */
  note(name: string, value: unknown): void;
}

/** The origin during a run. All waits are bounded and fail the case when they are over. */
export interface OriginKit {
  /** Waits until so many request heads have arrived. */
  arrived(count?: number): Promise<void>;
  /** Waits until so many requests have arrived whole, content included. */
  completed(count?: number): Promise<void>;
  /** Waits until so many connections have been accepted. */
  connected(count?: number): Promise<void>;
  /** Waits until the client has closed so many connections. */
  closedByClient(count?: number): Promise<void>;
  /** Opens a gate for all answers that wait at it, now and later. */
  open(gate: string): Promise<void>;
  /** What has arrived so far. */
  ledger(): Promise<Ledger>;
}
