/* Whole content in the forms that callers want, for a response and for the promise of one alike. */

import { type Collected, joinPieces, plainBytes } from "./content/collect.ts";
import { parseJson, textDecoder } from "./content/text.ts";
import { attribute, isHttpError, unparsable } from "./errors.ts";
import { charset } from "./http/media-type.ts";
import { Guard } from "./quiet.ts";
import { quoted } from "./redact.ts";
import type { HttpResponse } from "./response.ts";
import { parseWith, type Schema } from "./schema.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Reader<T> = (content: Collected, response: HttpResponse) => T | Promise<T>;

/** Reads the content whole and makes something of it. One function for all, because each promise in between costs. */
export function read<T>(from: HttpResponse | Promise<HttpResponse>, reader: Reader<T>): Promise<T> {
  const guard = new Guard();
  return guard.watch(readGuarded(from, reader, guard));
}

async function readGuarded<T>(
  from: HttpResponse | Promise<HttpResponse>,
  reader: Reader<T>,
  guard: Guard,
): Promise<T> {
  let response: HttpResponse | null = null;
  try {
    response = from instanceof Promise ? await from : from;
    const made = reader(await response.collected(), response);
    return made instanceof Promise ? await made : made;
  } catch (error) {
    throw guard.failed(response && isHttpError(error) ? attribute(error, response.request) : error);
  }
}

const utf8: TextDecoder = new TextDecoder();

export const asBytes = (content: Collected): Bytes => plainBytes(joinPieces(content));

export const asArrayBuffer = (content: Collected): ArrayBuffer => {
  const bytes = asBytes(content);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
};

/** In the charset of its content type, or UTF-8. */
export const asText = (content: Collected, response: HttpResponse): string =>
  textDecoder(charset(response.contentType)).decode(joinPieces(content));

export const asBlob = ({ pieces }: Collected, response: HttpResponse): Blob =>
  new Blob([...pieces], { type: response.contentType });

/** UTF-8 (RFC 8259 §8.1), whatever its content type; checked by a schema if there is one. @throws ParseError */
export function asJson<T>(schema: Schema<T> | undefined): Reader<T> {
  return (content) => {
    const text = utf8.decode(joinPieces(content));
    const why =
      text === "" ? "the content is empty, which is not JSON" : "the content is not valid JSON";
    const value = parseJson(text, why);
    return schema ? parseWith(schema, value) : (value as T);
  };
}

/** Every runtime parses forms, and none offers it without a Response around. @throws ParseError */
export async function asForm(content: Collected, response: HttpResponse): Promise<FormData> {
  const type = response.contentType;
  try {
    return await new Response(asBytes(content), { headers: { "content-type": type } }).formData();
  } catch (cause) {
    const what = `the content of type ${quoted(type)} is not a form`;
    throw unparsable("FORM", what, "Check its content-type.", cause);
  }
}
