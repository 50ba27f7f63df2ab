/* Content decoding (RFC 9110 §8.4): the codings undone in reverse order, strictly, each by a decoder of the platform. */

import { ContentError } from "../errors.ts";
import { fieldValues } from "../headers.ts";
import { quoted } from "../redact.ts";
import type { ContentReceiver, FieldLines, ResponseBody } from "../transport.ts";
import type { ContentDecoder, ContentDecoders, DecoderFactory } from "./decoder.ts";

/** Stacked codings beyond this are an attack, not content. */
const mostCodings = 5;

/** The codings of a `content-encoding` value, in the order they were applied. `identity` is no coding. */
export function contentCodings(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim().replace(/^x-(?=gzip$)/, ""))
    .filter((coding) => coding !== "" && coding !== "identity");
}

/** The content behind a body with the codings undone that its fields name. @throws ContentError */
export function decodedContent(
  body: ResponseBody,
  fields: FieldLines,
  decoders: ContentDecoders,
): ResponseBody {
  const codings = contentCodings(fieldValues(fields, "content-encoding").join());
  return codings.length > 0 ? decodedBody(body, codings, decoders) : body;
}

/**
 * The content behind a body, decoded. Its failures are ERR_CONTENT_DECODE; those of the body pass through.
 * @throws ContentError for codings that there is no decoder for; the body is given up then.
 */
export function decodedBody(
  body: ResponseBody,
  codings: readonly string[],
  decoders: ContentDecoders,
): ResponseBody {
  const refuse = (what: string): ContentError => {
    body.cancel();
    return undecodable(what, "Read it with decompress: false.");
  };
  if (codings.length > mostCodings) {
    throw refuse(
      `content-encoding has ${codings.length} codings; ${mostCodings} is the most that is decoded`,
    );
  }
  let decoded = body;
  for (const coding of codings.toReversed()) {
    const factory = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (!factory) throw refuse(`no decoder for content-encoding ${quoted(coding)}`);
    decoded = new DecodeStage(decoded, coding, factory);
  }
  return decoded;
}

class DecodeStage implements ResponseBody, ContentReceiver {
  readonly #source: ResponseBody;
  readonly #coding: string;
  readonly #decoder: ContentDecoder;
  #receiver: ContentReceiver | null = null;
  #trailers: FieldLines | null = null;
  #over = false;

  constructor(source: ResponseBody, coding: string, factory: DecoderFactory) {
    this.#source = source;
    this.#coding = coding;
    this.#decoder = factory(
      {
        data: (piece) => this.#over || this.#receiver?.data(piece),
        end: () => this.#finish()?.end(this.#trailers),
        fail: (cause) => this.#broken(cause),
      },
      () => this.#over || this.#source.resume(),
    );
  }

  start(receiver: ContentReceiver): void {
    this.#receiver = receiver;
    this.#source.start(this);
  }

  data(piece: Uint8Array<ArrayBuffer>): void {
    if (!this.#over && !this.#decoder.write(piece)) this.#source.pause();
  }

  end(trailers: FieldLines | null): void {
    this.#trailers = trailers;
    if (!this.#over) this.#decoder.end();
  }

  fail(error: unknown): void {
    this.#decoder.cancel();
    this.#finish()?.fail(error);
  }

  pause(): void {
    this.#decoder.pause();
  }

  resume(): void {
    this.#decoder.resume();
  }

  cancel(): void {
    this.#over = true;
    this.#decoder.cancel();
    this.#source.cancel();
  }

  #broken(cause: unknown): void {
    this.#source.cancel();
    this.#decoder.cancel();
    this.#finish()?.fail(
      undecodable(
        `the ${this.#coding} content is truncated or corrupt`,
        "Check what the server sends as content-encoding.",
        cause,
      ),
    );
  }

  #finish(): ContentReceiver | null {
    if (this.#over) return null;
    this.#over = true;
    return this.#receiver;
  }
}

function undecodable(what: string, remedy: string, cause?: unknown): ContentError {
  return new ContentError("ERR_CONTENT_DECODE", what, remedy, { cause });
}
