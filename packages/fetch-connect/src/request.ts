/* Fields and content of a request in the shapes that platforms take. */

import type { FieldLines } from "@anyhttp/core";

/** Field lines as what fetch converts fastest: a record. Fields of one name would be joined on the wire anyway. */
export function fieldRecord(headers: FieldLines): Record<string, string> {
  // Without a prototype, in which a field's name could be found.
  const record = Object.create(null) as Record<string, string>;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    const lower = name.toLowerCase();
    const before = record[lower];
    record[lower] =
      before === undefined ? value : `${before}${lower === "cookie" ? "; " : ", "}${value}`;
  }
  return record;
}

/** Content in one piece. A Blob without the type of its own, which would become a field that nobody asked for. */
export function contentOnce(body: Uint8Array<ArrayBuffer> | Blob): Uint8Array<ArrayBuffer> | Blob {
  if (body instanceof Uint8Array) return body;
  // Deno sends a Blob in chunks even if there is nothing in it.
  if (body.size === 0) return new Uint8Array(0);
  return body.type === "" ? body : body.slice(0, body.size);
}
