/* Header fields as people work with them: case-insensitive, ordered, multi-valued, and one flat list underneath. */

import { httpError } from "./errors.ts";
import { fieldName, fieldValue } from "./http/field.ts";
import type { FieldLines } from "./transport.ts";

/** What headers can be made of. In records, an array gives one field line an item; `null` and `undefined` are left out. */
export type HeadersInput =
  | HttpHeaders
  | Iterable<readonly [name: string, value: string | number | boolean]>
  | Readonly<Record<string, HeaderValue | readonly HeaderValue[] | null | undefined>>;

/** One value; numbers and booleans become text. */
export type HeaderValue = string | number | boolean;

/** Header or trailer fields (RFC 9110 §5). Satisfies `HeadersInit`: an iterable of pairs with all members of `Headers`. */
export class HttpHeaders implements Iterable<[string, string]> {
  #lines: string[];

  /** @throws InvalidRequestError if a name or value is not allowed; CR, LF and NUL never are. */
  constructor(init?: HeadersInput) {
    this.#lines = init === undefined ? [] : toFieldLines(init);
  }

  /** @internal Headers over a list that has already been checked or has come from the wire. The list is taken over. */
  static over(lines: FieldLines): HttpHeaders {
    const headers = new HttpHeaders();
    headers.#lines = lines as string[];
    return headers;
  }

  /** All values of a field, joined with `", "`; `null` if there is none. For `set-cookie` use {@link getSetCookie}. */
  get(name: string): string | null {
    const found = this.getAll(name);
    return found.length === 0 ? null : found.join(", ");
  }

  /** The value of each field line of that name, in order. */
  getAll(name: string): string[] {
    return fieldValues(this.#lines, name.toLowerCase());
  }

  has(name: string): boolean {
    return fieldValues(this.#lines, name.toLowerCase()).length > 0;
  }

  /** Replaces all field lines of that name; several values make several lines. */
  set(name: string, value: HeaderValue | readonly HeaderValue[]): this {
    const values = [value].flat().map((one) => fieldValue(fieldName(name), one));
    this.delete(name);
    for (const one of values) this.#lines.push(name, one);
    return this;
  }

  /** Adds a field line. */
  append(name: string, value: HeaderValue): this {
    this.#lines.push(fieldName(name), fieldValue(name, value));
    return this;
  }

  /** Removes all field lines of that name; returns whether there were any. */
  delete(name: string): boolean {
    const before = this.#lines.length;
    const unwanted = name.toLowerCase();
    this.#lines = filterFields(this.#lines, (field) => field !== unwanted);
    return this.#lines.length < before;
  }

  /** The `set-cookie` values, one each: they cannot be joined (RFC 6265 §3). */
  getSetCookie(): string[] {
    return this.getAll("set-cookie");
  }

  /** Name and value of each field line, as written and in order. */
  *entries(): Generator<[string, string], undefined> {
    for (let i = 0; i < this.#lines.length; i += 2) yield [this.#lines[i] as string, this.#lines[i + 1] as string];
  }

  [Symbol.iterator](): Generator<[string, string], undefined> {
    return this.entries();
  }

  /** Name of each field line, as written and in order. */
  *keys(): Generator<string, undefined> {
    for (const [name] of this) yield name;
  }

  /** Value of each field line, in order. */
  *values(): Generator<string, undefined> {
    for (const [, value] of this) yield value;
  }

  forEach(callback: (value: string, name: string, headers: HttpHeaders) => void): void {
    for (const [name, value] of this) callback(value, name, this);
  }

  /** Number of field lines. */
  get size(): number {
    return this.#lines.length / 2;
  }

  /** A record by lower-case name; a field with several lines gives an array. Without a prototype: names are data. */
  toJSON(): Record<string, string | string[]> {
    const record: Record<string, string | string[]> = Object.create(null);
    for (const [name, value] of this) {
      const key = name.toLowerCase();
      const known = record[key];
      record[key] = known === undefined ? value : [known, value].flat();
    }
    return record;
  }

  /** @internal The flat list itself. */
  get lines(): FieldLines {
    return this.#lines;
  }
}

/** The values of a field in a list; `name` in lower case. */
export function fieldValues(lines: FieldLines, name: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < lines.length; i += 2) if (sameName(lines[i] as string, name)) found.push(lines[i + 1] as string);
  return found;
}

/** The first value of a field in a list, or `undefined`; `name` in lower case. Makes nothing. */
export function firstValue(lines: FieldLines, name: string): string | undefined {
  for (let i = 0; i < lines.length; i += 2) if (sameName(lines[i] as string, name)) return lines[i + 1];
  return undefined;
}

function sameName(field: string, lower: string): boolean {
  return field.length === lower.length && (field === lower || field.toLowerCase() === lower);
}

/** The field lines whose lower-case name is wanted. */
export function filterFields(lines: FieldLines, wanted: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    if (wanted((lines[i] as string).toLowerCase())) kept.push(lines[i] as string, lines[i + 1] as string);
  }
  return kept;
}

/** Lays call headers over defaults: a name given again replaces all lines of that name; `null` in a record removes it. */
export function mergeHeaders(base: FieldLines, init: HeadersInput): FieldLines {
  const lines = toFieldLines(init);
  const named = new Set<string>();
  for (let i = 0; i < lines.length; i += 2) named.add((lines[i] as string).toLowerCase());
  if (!isIterable(init)) for (const name of Object.keys(init)) named.add(name.toLowerCase());
  if (base.length === 0) return lines;
  return [...filterFields(base, (name) => !named.has(name)), ...lines];
}

function toFieldLines(init: HeadersInput): string[] {
  const lines: string[] = [];
  const add = (name: unknown, value: unknown): void => {
    const checked = fieldName(name);
    lines.push(checked, fieldValue(checked, value));
  };
  if (init instanceof HttpHeaders) return [...init.lines];
  if (isIterable(init)) {
    for (const pair of init) {
      if (!Array.isArray(pair) || pair.length !== 2) throw notHeaders("a list of headers has to hold [name, value] pairs");
      add(pair[0], pair[1]);
    }
  } else if (typeof init === "object" && init !== null) {
    for (const [name, value] of Object.entries(init)) {
      if (Array.isArray(value)) for (const one of value) add(name, one);
      else if (value !== null && value !== undefined) add(name, value);
      else fieldName(name);
    }
  } else throw notHeaders("headers is not an object");
  return lines;
}

function notHeaders(what: string): Error {
  return httpError("ERR_INVALID_HEADER", { what, remedy: "Pass a record, pairs, Headers or HttpHeaders." });
}

function isIterable(value: HeadersInput): value is Iterable<readonly [string, string]> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
