/*
 * Reads multipart/form-data back from what arrived, strictly and by itself: no part of it knows what core writes. What is
 * looser than RFC 7578 and RFC 2046 allow is told as a fault.
 */

import type { ByteString } from "./bytes.ts";
import type { Arrival } from "./ledger.ts";

/** One part: `name`, `filename` where there is one, its other fields line by line, its content as it came. */
export interface FormPart {
  readonly name: string;
  readonly filename?: string;
  readonly fields: readonly string[];
  readonly content: ByteString;
}

/** The parts of the content that arrived, or what is wrong with it. */
export function formParts(arrival: Arrival | undefined): readonly FormPart[] | string {
  try {
    if (!arrival) return "no request arrived";
    const types = arrival.fields.filter(([name]) => name.toLowerCase() === "content-type");
    return partsOf(types.map(([, value]) => value).join(" and "), arrival.content);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The boundary that the field `content-type` tells. */
export function boundaryOf(type: string): string {
  // RFC 2046 §5.1.1: at most 70 of these.
  const [, boundary] = /^multipart\/form-data; boundary=([\w'()+,./:=?-]{1,70})$/.exec(type) ?? [];
  if (boundary === undefined) throw new Error(`no boundary in the content-type ${type}`);
  return boundary;
}

function partsOf(type: string, content: ByteString): readonly FormPart[] {
  const mark = `\r\n--${boundaryOf(type)}`;
  const parts: FormPart[] = [];
  let rest = `\r\n${content}`;
  for (;;) {
    if (!rest.startsWith(mark)) throw new Error("no boundary where one has to be");
    rest = rest.slice(mark.length);
    if (rest === "--\r\n") return parts;
    const headEnd = rest.indexOf("\r\n\r\n");
    const next = rest.indexOf(mark, headEnd + 4);
    if (!rest.startsWith("\r\n") || headEnd < 0 || next < 0) throw new Error("a part without end");
    parts.push(partOf(rest.slice(2, headEnd), rest.slice(headEnd + 4, next)));
    rest = rest.slice(next);
  }
}

function partOf(head: ByteString, content: ByteString): FormPart {
  const [first = "", ...fields] = head.split("\r\n");
  for (const line of fields) {
    if (!/^[\w!#$%&'*+.^`|~-]+: [^\0\r\n]*$/.test(line)) throw new Error(`a field line ${line}`);
    if (/^content-disposition:/i.test(line)) throw new Error("a part with two dispositions");
  }
  const found =
    /^content-disposition: form-data; name="([^"\r\n\0]*)"(?:; filename="([^"\r\n\0]*)")?$/i.exec(
      first,
    );
  if (!found) throw new Error(`a content-disposition ${JSON.stringify(first)}`);
  const [, name = "", filename] = found;
  const named = { name: decoded(name), fields, content };
  return filename === undefined ? named : { ...named, filename: decoded(filename) };
}

function decoded(octets: ByteString): string {
  const bytes = Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
