/* Header fields as people work with them: case-insensitive, ordered, multi-valued, and one flat list underneath. */

import { toPairs } from "./content/pairs.ts";
import { fieldValue } from "./http/field.ts";
import { emptyRecord } from "./record.ts";
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

  /** All values of a field, joined with `", "`; `null` if there is none. For `set-cookie` use {@link HttpHeaders.getSetCookie}. */
  get(name: string): string | null {
    const found = this.getAll(name);
    return found.length === 0 ? null : found.join(", ");
  }

  /** The value of each field line of that name, in order. */
  getAll(name: string): string[] {
    return fieldValues(this.#lines, name.toLowerCase());
  }

  has(name: string): boolean {
    return firstValue(this.#lines, name.toLowerCase()) !== undefined;
  }

  /** Replaces all field lines of that name; several values make several lines. */
  set(name: string, value: HeaderValue | readonly HeaderValue[]): this {
    this.#lines = mergeHeaders(this.#lines, { [name]: value });
    return this;
  }

  /** Adds a field line. */
  append(name: string, value: HeaderValue): this {
    this.#lines.push(...toFieldLines([[name, value]]));
    return this;
  }

  /** Removes all field lines of that name; returns whether there were any. */
  delete(name: string): boolean {
    const had = this.has(name);
    this.#lines = withoutField(this.#lines, name.toLowerCase());
    return had;
  }

  /** The `set-cookie` values, one each: they cannot be joined (RFC 6265 §3). */
  getSetCookie(): string[] {
    return this.getAll("set-cookie");
  }

  /** Name and value of each field line, as written and in order. */
  *entries(): Generator<[string, string], undefined> {
    for (let i = 0; i < this.#lines.length; i += 2)
      yield [this.#lines[i] as string, this.#lines[i + 1] as string];
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
    const record = emptyRecord<string | string[]>();
    for (const [name, value] of this) {
      const key = name.toLowerCase();
      const known = record[key];
      // Added to, not copied: how many lines there are of a name is the server's to say.
      if (typeof known === "object") known.push(value);
      else record[key] = known === undefined ? value : [known, value];
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
  for (let i = 0; i < lines.length; i += 2)
    if (sameName(lines[i] as string, name)) found.push(lines[i + 1] as string);
  return found;
}

/** The first value of a field in a list, or `undefined`; `name` in lower case. Makes nothing. */
export function firstValue(lines: FieldLines, name: string): string | undefined {
  for (let i = 0; i < lines.length; i += 2)
    if (sameName(lines[i] as string, name)) return lines[i + 1];
  return undefined;
}

function sameName(field: string, lower: string): boolean {
  return field.length === lower.length && (field === lower || field.toLowerCase() === lower);
}

/** The field lines whose lower-case name is wanted. */
export function filterFields(lines: FieldLines, wanted: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    if (wanted((lines[i] as string).toLowerCase()))
      kept.push(lines[i] as string, lines[i + 1] as string);
  }
  return kept;
}

/** The field lines but those of one name; `name` in lower case. */
export function withoutField(lines: FieldLines, name: string): string[] {
  return filterFields(lines, (one) => one !== name);
}

/** Lays call headers over defaults: a name given again replaces all lines of that name; `null` removes them. */
export function mergeHeaders(base: FieldLines, init: HeadersInput): string[] {
  const named = new Set<string>();
  const lines = toFieldLines(init, named);
  return [...filterFields(base, (name) => !named.has(name)), ...lines];
}

/** The field lines of an input. `named` collects the names in lower case, those without a value included. */
function toFieldLines(init: HeadersInput, named?: Set<string>): string[] {
  const lines: string[] = [];
  for (const [name, text] of toPairs(init, "headers")) {
    const value = fieldValue(name, text ?? "");
    named?.add(name.toLowerCase());
    if (text !== null) lines.push(name, value);
  }
  return lines;
}
