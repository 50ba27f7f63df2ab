/*
 * What a web page needs of an origin that is not its own (Fetch §3.3, CORS): leave to ask, and leave to look. It is as if
 * a server in front of the origin saw to that: questions of the browser are no arrivals, and leave is no field of a case.
 */

import { type Answer, head } from "../case/script.ts";
import type { RequestHead } from "./request-parser.ts";

const leave: readonly (readonly [string, string])[] = [
  ["access-control-allow-origin", "*"],
  ["access-control-expose-headers", "*"],
  // Or a browser holds the head of text back until it has seen enough to guess its type.
  ["x-content-type-options", "nosniff"],
];

/** Fields that responses to a page have beside those of the script. */
export const addedNames: readonly string[] = leave.map(([name]) => name);

const lines = leave.map(([name, value]) => `${name}: ${value}\r\n`).join("");

/** Puts leave into one response, behind its status line, in however many pieces that comes. */
export class Leave {
  #line: string | null = "";
  #informational = false;

  /** What is to be sent instead of `text`. */
  in(text: string): string {
    let said = "";
    let rest = text;
    while (this.#line !== null) {
      const end = rest.indexOf("\n") + 1;
      if (end === 0) {
        this.#line += rest;
        break;
      }
      const line = this.#line + rest.slice(0, end);
      said += rest.slice(0, end);
      rest = rest.slice(end);
      if (this.#informational || /^HTTP\/[\d.]+ 1\d\d/.test(line)) {
        // Informational responses are none that a page sees: the next status line is behind the empty line.
        this.#informational = !/^\r?\n$/.test(line);
        this.#line = "";
      } else {
        this.#line = null;
        if (/^HTTP\/[\d.]+ [2-9]\d\d[^\r\n]*\r?\n$/.test(line)) said += lines;
      }
    }
    return said + rest;
  }
}

/**
 * The answer to the question whether a page may send a request; `null` if this is none.
 * @param closes Whether its connection ends with it.
 */
export function preflight({ method, fields }: RequestHead, closes: boolean): Answer | null {
  const field = (name: string): string | undefined =>
    fields.find(([key]) => key.toLowerCase() === name)?.[1];
  const asked = field("access-control-request-method");
  if (method !== "OPTIONS" || asked === undefined) return null;
  const names = field("access-control-request-headers");
  return head(204, [
    ["access-control-allow-methods", asked],
    ...(names === undefined ? [] : [["access-control-allow-headers", names] as const]),
    ...(closes ? [["connection", "close"] as const] : []),
  ]);
}
