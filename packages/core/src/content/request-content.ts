/* Request content: what a caller may pass, made into one thing that knows its type, its length, and how to be sent again. */

import { type ErrorInit, httpError } from "../errors.ts";
import type { TransportBody } from "../transport.ts";
import { streamPieces } from "./body.ts";
import { type FormInput, formText } from "./form.ts";
import { measured } from "./measured.ts";
import { multipartBlob } from "./multipart.ts";

/** What `body` can be. Streams and iterables can be sent once; everything else as often as needed. */
export type BodyInput =
  | string
  | Uint8Array
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | FormData
  | URLSearchParams
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>;

/** A function that makes the content anew for each attempt, so that one-shot kinds can be sent again. */
export type BodyFactory = () => BodyInput | Promise<BodyInput>;

/** The options that carry content; one of them at most. */
export interface ContentOptions {
  /** Sent as JSON, `content-type: application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: FormInput | undefined;
  /** Sent as `multipart/form-data` with an unpredictable boundary and an exact length. */
  readonly multipart?: FormData | undefined;
  /** Sent as it is. Text is UTF-8. */
  readonly body?: BodyInput | BodyFactory | null | undefined;
}

/** Content ready to be sent. */
export interface RequestContent {
  /** `content-type` that follows from the kind; `null` for bytes and streams. */
  readonly type: string | null;
  /** Whether `open` can be called more than once. */
  readonly replayable: boolean;
  /** Makes the content for one exchange. `length`: what a `content-length` header declared for a stream. */
  open(length: number | null): TransportBody | Promise<TransportBody>;
}

const encoder = new TextEncoder();
const kinds = ["json", "form", "multipart", "body"] as const;

/** Makes the content of a call; `null` if it has none. @throws InvalidRequestError if there are two, or it is of no known kind. */
export function requestContent(options: ContentOptions): RequestContent | null {
  const given = kinds.filter((kind) => options[kind] !== undefined && (kind !== "body" || options.body !== null));
  if (given.length > 1) {
    throw invalidContent(`${given.join(" and ")} are given, and a request has one content`, "Pass one of them.");
  }
  switch (given[0]) {
    case "json":
      return fixed("application/json", encoder.encode(jsonText(options.json)));
    case "form":
      return fixed("application/x-www-form-urlencoded;charset=UTF-8", encoder.encode(formText(options.form as FormInput)));
    case "multipart":
      if (!(options.multipart instanceof FormData)) throw invalidContent("multipart is not a FormData", "Pass a FormData.");
      return blob(multipartBlob(options.multipart));
    case "body":
      return typeof options.body === "function" ? made(options.body) : fromInput(options.body as BodyInput);
    default:
      return null;
  }
}

function fromInput(input: BodyInput): RequestContent {
  if (typeof input === "string") return fixed("text/plain;charset=UTF-8", encoder.encode(input));
  if (input instanceof Uint8Array) return fixed(null, input as Uint8Array<ArrayBuffer>);
  if (input instanceof ArrayBuffer) return fixed(null, new Uint8Array(input));
  if (ArrayBuffer.isView(input)) {
    return fixed(null, new Uint8Array(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength));
  }
  if (input instanceof Blob) return blob(input);
  if (input instanceof FormData) return blob(multipartBlob(input));
  if (input instanceof URLSearchParams) {
    return fixed("application/x-www-form-urlencoded;charset=UTF-8", encoder.encode(input.toString()));
  }
  if (input instanceof ReadableStream) {
    if (input.locked) throw invalidContent("the body stream is already being read", "Pass a stream that nobody reads.");
    return oneShot(() => streamPieces(input));
  }
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input) return oneShot(() => input);
  throw invalidContent(
    `body is of a kind that cannot be sent (${input === null ? "null" : typeof input})`,
    "Pass a string, bytes, Blob, FormData, URLSearchParams, ReadableStream, AsyncIterable or a function that makes one; or use json.",
  );
}

function fixed(type: string | null, bytes: Uint8Array<ArrayBuffer>): RequestContent {
  return { type, replayable: true, open: () => bytes };
}

function blob(content: Blob): RequestContent {
  return { type: content.type || null, replayable: true, open: () => content };
}

function oneShot(pieces: () => AsyncIterable<Uint8Array | string>): RequestContent {
  return { type: null, replayable: false, open: (length) => ({ source: measured(pieces(), length), length }) };
}

/** Content made by a function. Its type is known only once it was made, so it is the caller's to declare. */
function made(factory: BodyFactory): RequestContent {
  return {
    type: null,
    replayable: true,
    async open(length) {
      let input: BodyInput;
      try {
        input = await factory();
      } catch (cause) {
        throw httpError("ERR_CONTENT_SOURCE", { what: "the function given as body failed", requestSent: "no", cause });
      }
      return fromInput(input).open(length);
    },
  };
}

function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw invalidContent("json cannot be serialised", "Remove cycles and bigints.", { cause });
  }
  if (text === undefined) throw invalidContent("json is a value that JSON does not have", "Pass an object, array, string, number, boolean or null.");
  return text;
}

/** @internal */
export function invalidContent(what: string, remedy: string, init?: ErrorInit): Error {
  return httpError("ERR_INVALID_CONTENT", { ...init, what, remedy });
}
