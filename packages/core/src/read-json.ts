/* `json()`, of a response and of the promise of one: one function, because each promise in between costs. */

import { joinPieces } from "./content/collect.ts";
import { parseJson } from "./content/text.ts";
import { attribute } from "./errors.ts";
import type { HttpResponse } from "./response.ts";
import { parseWith, type Schema } from "./schema.ts";

const utf8: TextDecoder = new TextDecoder();

/** The content as JSON, checked by a schema if there is one. @throws ParseError */
export async function readJson<T>(
  from: HttpResponse | Promise<HttpResponse>,
  schema: Schema<T> | undefined,
): Promise<T> {
  const response = await from;
  const text = utf8.decode(joinPieces(await response.collected()));
  try {
    const value = parseJson(
      text,
      text === "" ? "the content is empty, which is not JSON" : "the content is not valid JSON",
    );
    return schema ? await parseWith(schema, value) : (value as T);
  } catch (error) {
    throw attribute(error, response.request);
  }
}
