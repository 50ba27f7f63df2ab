/* The challenges of a `www-authenticate` field and the parameters of `authentication-info` (RFC 9110 §11), in linear time. */

import { emptyRecord } from "../record.ts";

/** What a server asks for, in one of possibly several schemes. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** What follows the scheme where that is no parameter, such as a token of Negotiate. */
  readonly token68: string | null;
  /** By lower-case name, out of their quotes. */
  readonly params: Readonly<Record<string, string>>;
}

/** Longer lines are passed over: what they hold would come back to the server with each request. */
const longestLine = 65_536;

const commas = /[\t ,]*/y;
const schemeName = /([!#$%&'*+\-.^_`|~\w]+)(?:[\t ]+(?![\t =])|(?=,|$))/y;
const token68 = /([\w\-.~+/]+=*)[\t ]*(?=,|$)/y;
// A value without quotes may hold what no token may, "/" and "=" above all: servers write such.
const parameter =
  /([!#$%&'*+\-.^_`|~\w]+)[\t ]*=[\t ]*(?:"((?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*)"|([!#-+\--~]+))[\t ]*(?=,|$)/y;

/** Reads a text from left to right, by patterns that are sticky. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** Passes over commas, of which lists may hold too many (RFC 9110 §5.6.1); says whether anything is left. */
  more(): boolean {
    this.take(commas);
    return this.#at < this.#text.length;
  }

  /** The name of a scheme, in lower case; `null` if none stands here. */
  scheme(): string | null {
    return (this.more() && this.take(schemeName)?.[1]?.toLowerCase()) || null;
  }

  /** The next parameter goes into the record. `false` if there is none; `null` if it was there before. */
  param(into: Record<string, string>): boolean | null {
    const found = this.take(parameter);
    if (!found) return false;
    const [, name = "", quoted, plain = ""] = found;
    const key = name.toLowerCase();
    if (key in into) return null;
    into[key] = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    return true;
  }
}

/**
 * The challenges of field lines, in order. Where a line stops making sense, the challenge that it stops in and the rest
 * of the line are passed over; so is a challenge that says something twice.
 */
export function parseChallenges(lines: readonly string[]): Challenge[] {
  return lines.flatMap((line) => (line.length > longestLine ? [] : [...challengesOf(line)]));
}

function* challengesOf(line: string): Generator<Challenge, void> {
  const scanner = new Scanner(line);
  let scheme = scanner.scheme();
  while (scheme !== null) {
    const params = emptyRecord<string>();
    const token = scanner.take(token68)?.[1] ?? null;
    let sound = true;
    // Another scheme begins where no parameter does.
    for (let more = token === null; more && scanner.more();) {
      const one = scanner.param(params);
      more = one !== false;
      if (one === null) sound = false;
    }
    const next = scanner.scheme();
    if (next === null && scanner.more()) return;
    if (sound) yield { scheme, token68: token, params };
    scheme = next;
  }
}

/** The parameters of a field such as `authentication-info` (RFC 7615), as far as they make sense. */
export function parseParams(line: string): Readonly<Record<string, string>> {
  const params = emptyRecord<string>();
  const scanner = new Scanner(line.slice(0, longestLine));
  while (scanner.more() && scanner.param(params) !== false);
  return params;
}
