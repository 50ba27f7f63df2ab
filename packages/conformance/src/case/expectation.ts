/* What must have happened, for both witnesses. What is not mentioned is not judged, save what `Expectation` says. */

import type { ByteString } from "./bytes.ts";
import type { Expected } from "./matchers.ts";
import type { Arrival, Connection } from "./ledger.ts";
import type { Fields } from "./script.ts";

/**
 * Fields by name, in any case. A string: the values of all lines, joined with `, `; an array: the values line by line;
 * `absent`: no such line.
 */
export type FieldsExpectation = Readonly<Record<string, Expected<string | readonly string[]>>>;

/** An error that the caller must get. */
export interface ErrorExpectation {
  /** The class: `TimeoutError`. */
  readonly name?: Expected<string>;
  readonly code?: Expected<string>;
  readonly phase?: Expected<string>;
  readonly requestSent?: Expected<string>;
  readonly retryable?: Expected<boolean>;
  readonly attempt?: Expected<number>;
  readonly message?: Expected<string>;
  readonly cause?: Expected<unknown>;
  /** Fields of the class: `limit`, `option`, `capability`, `status` … */
  readonly fields?: Readonly<Record<string, Expected<unknown>>>;
}

/** What the caller of one call must get. Without `error`, any error fails the case. */
export interface CallExpectation {
  readonly status?: Expected<number>;
  readonly statusText?: Expected<string>;
  readonly ok?: Expected<boolean>;
  /** With placeholders: `{main}b`. */
  readonly url?: Expected<string>;
  readonly redirected?: Expected<boolean>;
  readonly httpVersion?: Expected<string | null>;
  readonly headers?: FieldsExpectation;
  /** All field lines of the head, in order and as spelt. */
  readonly fieldLines?: Expected<Fields>;
  readonly trailers?: Expected<Fields | null>;
  readonly history?: Expected<readonly { readonly status: number; readonly url: string }[]>;
  /** What the reader gave: a string, a value, a byte string. */
  readonly content?: Expected<unknown>;
  readonly error?: ErrorExpectation;
  /** Milliseconds from the call until it has settled. `between(300, 350)` needs `exclusive`. */
  readonly after?: Expected<number>;
}

/** What one request must have been when it arrived. */
export interface ArrivalExpectation {
  readonly door?: Expected<string>;
  readonly connection?: Expected<number>;
  readonly method?: Expected<string>;
  /** Below the base of the run: `a?x=1`. */
  readonly path?: Expected<string>;
  /** The request target as sent, with placeholders: `{main.path}a`. */
  readonly target?: Expected<string>;
  readonly version?: Expected<string>;
  readonly fields?: FieldsExpectation;
  /** All field lines, in order and as spelt. */
  readonly fieldLines?: Expected<Fields>;
  readonly head?: Expected<ByteString>;
  readonly framing?: Expected<"none" | "length" | "chunked">;
  readonly content?: Expected<ByteString>;
  readonly contentLength?: Expected<number>;
  readonly filler?: Expected<boolean>;
  readonly decoded?: Expected<Arrival["decoded"]>;
  readonly trailers?: Expected<Fields>;
  readonly complete?: Expected<boolean>;
}

/** What one connection must have been. */
export type ConnectionExpectation = { readonly [K in keyof Connection]?: Expected<Connection[K]> };

/**
 * What must have happened. The fields of a call stand here directly when there is one, and in `calls` when there are
 * several. Always judged, said or not: no request without an answer in the script; an error where none is expected, and
 * the reverse; every request sound HTTP; and, unless `arrivals` is given, exactly as many requests as answers.
 */
export interface Expectation extends CallExpectation {
  readonly calls?: readonly CallExpectation[];
  /** Each arrival, in order (with a script by path: in any order). A number or matcher: how many. */
  readonly arrivals?: readonly ArrivalExpectation[] | Expected<number>;
  /** Each connection, in order, save further ones that carried no request. A number or matcher: how many. */
  readonly connections?: readonly ConnectionExpectation[] | Expected<number>;
  /** What a function noted. */
  readonly facts?: Readonly<Record<string, Expected<unknown>>>;
}
