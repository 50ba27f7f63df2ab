/* The readers of content, whole or line by line, for a response and for the promise of one alike. */

import { type Collected, joinPieces, plainBytes } from "./content/collect.ts";
import { type EventOptions, events, type ServerSentEvent } from "./content/events.ts";
import { byLine, type LineOptions, type LineSettings, lineSettings } from "./content/line-items.ts";
import { parseJson, textDecoder, textMark } from "./content/text.ts";
import { attribute, isHttpError, unparsable } from "./errors.ts";
import { charset } from "./http/media-type.ts";
import { Guard } from "./quiet.ts";
import { quoted } from "./redact.ts";
import type { HttpResponse } from "./response.ts";
import { checkSchema, parseWith, type Schema } from "./schema.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Reader<T> = (content: Collected, response: HttpResponse) => T | Promise<T>;

/** How content is read: once, whole or as it comes. */
export abstract class ContentReaders {
  /** @internal */
  protected abstract get source(): HttpResponse | Promise<HttpResponse>;

  /** The content, decoded, as bytes. */
  bytes(): Promise<Bytes> {
    return read(this.source, asBytes);
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return read(this.source, asArrayBuffer);
  }

  /** The content as text: in the charset of its byte order mark, of its content type, or UTF-8 (WHATWG Encoding §6). */
  text(): Promise<string> {
    return read(this.source, asText);
  }

  /**
   * The content as JSON (UTF-8, RFC 8259 §8.1), whatever its content type.
   * @param schema A Standard Schema (Zod, Valibot, ArkType …) that checks and types it.
   * @throws ParseError if it is not JSON or does not fit; `issues` says where.
   */
  json<T = unknown>(): Promise<T>;
  json<T>(schema: Schema<T>): Promise<T>;
  json<T>(schema?: Schema<T>): Promise<T> {
    return read(this.source, asJson(schema));
  }

  blob(): Promise<Blob> {
    return read(this.source, asBlob);
  }

  /** The content as a form: multipart or urlencoded. @throws ParseError */
  formData(): Promise<FormData> {
    return read(this.source, asForm);
  }

  /** The lines of the text as they come, without their ends (LF, CRLF or CR). */
  lines(options?: LineOptions): AsyncGenerator<string, void> {
    return byLine(this.source, () => lineSettings(options), {
      charset: (response) => charset(response.contentType),
      take: (line) => line,
    });
  }

  /**
   * One JSON value per line (UTF-8), as they come; blank lines are passed over.
   * @param schema Checks and types each of them.
   * @throws ParseError with the number of the line.
   */
  ndjson<T = unknown>(schema?: Schema<T>, options?: LineOptions): AsyncGenerator<T, void> {
    const settings = (): LineSettings => {
      if (schema !== undefined) checkSchema(schema);
      return lineSettings(options);
    };
    return byLine(this.source, settings, {
      take(line, number): T | Promise<T> | undefined {
        if (line.trim() === "") return undefined;
        const value = parseJson(line, `line ${number} is not valid JSON`);
        return schema === undefined ? (value as T) : parseWith(schema, value, `line ${number}`);
      },
    });
  }

  /**
   * Server-sent events (HTML §9.2), as they come. A 204 has none.
   * @throws ParseError unless it is a 200 of type `text/event-stream`.
   */
  events(options?: EventOptions): AsyncGenerator<ServerSentEvent, void> {
    return events(this.source, options, null);
  }
}

/** Reads the content whole and makes something of it. One function for all, because each promise in between costs. */
function read<T>(from: HttpResponse | Promise<HttpResponse>, reader: Reader<T>): Promise<T> {
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

const asBytes = (content: Collected): Bytes => plainBytes(joinPieces(content));

const asArrayBuffer = (content: Collected): ArrayBuffer => {
  const bytes = asBytes(content);
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
};

const asText = (content: Collected, response: HttpResponse): string => {
  const bytes = joinPieces(content);
  return textDecoder(textMark(bytes) ?? charset(response.contentType)).decode(bytes);
};

const asBlob = ({ pieces }: Collected, response: HttpResponse): Blob =>
  new Blob([...pieces], { type: response.contentType });

/** UTF-8 (RFC 8259 §8.1), whatever its content type; checked by a schema if there is one. @throws ParseError */
function asJson<T>(schema: Schema<T> | undefined): Reader<T> {
  return (content) => {
    const text = utf8.decode(joinPieces(content));
    const why =
      text === "" ? "the content is empty, which is not JSON" : "the content is not valid JSON";
    const value = parseJson(text, why);
    return schema === undefined ? (value as T) : parseWith(schema, value, "the content");
  };
}

/** Every runtime parses forms, and none offers it without a Response around. @throws ParseError */
async function asForm(content: Collected, response: HttpResponse): Promise<FormData> {
  // It is UTF-8 whatever the type says; workerd refuses all that says otherwise.
  const type = response.contentType.replace(/^(\S+\/x-www-form-urlencoded)\b.*/i, "$1");
  try {
    return await new Response(asBytes(content), { headers: { "content-type": type } }).formData();
  } catch (cause) {
    const what = `the content of type ${quoted(type)} is not a form`;
    throw unparsable("FORM", what, "Check its content-type.", cause);
  }
}
