/* Request content: what a caller may pass, made into one thing that knows its type, its length, and how to be sent again. */

import { invalid } from "../errors.ts";
import { isStray } from "../record.ts";
import { shown } from "../redact.ts";
import type { OutgoingStream, TransportBody } from "../transport.ts";
import { isStream, streamPieces } from "./body.ts";
import { type FormInput, toSearchParams } from "./form.ts";
import { broken, measured } from "./measured.ts";
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

/** Content that can be sent once. */
type Source = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/** What a function has made for one exchange, and nobody but that exchange will close. */
interface MadeStream extends OutgoingStream {
  abandon(): void;
}

/** Content ready to be sent. */
export interface RequestContent {
  /** `content-type` that follows from the kind; `null` for bytes and streams. */
  readonly type: string | null;
  /** Whether it can be sent from its beginning, now. */
  readonly replayable: boolean;
  /** Makes the content for one exchange. `length`: what a `content-length` header declared for a stream. */
  open(length: number | null): TransportBody | Promise<TransportBody>;
  /** Closes what can be sent once, if nothing of it has been asked for. */
  close?(): void;
}

const encoder = new TextEncoder();

/** How each option becomes content. */
const kinds: {
  readonly [K in keyof ContentOptions]-?: (value: NonNullable<ContentOptions[K]>) => RequestContent;
} = {
  json: (value) => text("application/json", jsonText(value)),
  form: (value) => fromInput(toSearchParams(value, "form")),
  multipart(value) {
    if (value instanceof FormData) return fromInput(value);
    throw invalid("CONTENT", `multipart is ${shown(value)}`, "Pass a FormData.");
  },
  body: (value) => (typeof value === "function" ? made(value) : fromInput(value)),
};

/** Makes the content of a call; `null` if it has none. @throws InvalidRequestError if there are two, or it is of no known kind. */
export function requestContent(options: ContentOptions): RequestContent | null {
  const given: (keyof ContentOptions)[] = [];
  let content: unknown;
  for (const kind of Object.keys(kinds) as (keyof ContentOptions)[]) {
    // Read once, as it may be a getter.
    const value = options[kind];
    if (value === undefined || (kind === "body" && value === null) || isStray(options, kind))
      continue;
    given.push(kind);
    content = value;
  }
  if (given.length > 1) {
    throw invalid(
      "CONTENT",
      `${given.join(" and ")} are given, and a request has one content`,
      "Pass one of them.",
    );
  }
  const [kind] = given;
  return kind ? kinds[kind](content as never) : null;
}

function fromInput(input: BodyInput): RequestContent {
  if (typeof input === "string") return text("text/plain;charset=UTF-8", input);
  if (input instanceof URLSearchParams)
    return text("application/x-www-form-urlencoded;charset=UTF-8", String(input));
  if (input instanceof FormData) return fromInput(multipartBlob(input));
  if (input instanceof Blob) return whole(input.type || null, input);
  if (input instanceof ArrayBuffer) return whole(null, new Uint8Array(input));
  if (ArrayBuffer.isView(input))
    return whole(
      null,
      new Uint8Array(input.buffer as ArrayBuffer, input.byteOffset, input.byteLength),
    );
  if (input instanceof ReadableStream) {
    if (input.locked)
      throw invalid(
        "CONTENT",
        "the body stream is already being read",
        "Pass a stream that nobody reads.",
      );
    return oneShot(streamPieces(input), input);
  }
  if (typeof input === "object" && input !== null && Symbol.asyncIterator in input)
    return oneShot(input);
  throw invalid(
    "CONTENT",
    `body is ${shown(input)}`,
    "Pass text, bytes, a Blob, FormData, URLSearchParams, a stream, an iterable or a function; or use json.",
  );
}

function text(type: string, content: string): RequestContent {
  return whole(type, encoder.encode(content));
}

function whole(type: string | null, content: Uint8Array<ArrayBuffer> | Blob): RequestContent {
  return { type, replayable: true, open: () => content };
}

/** Content that can be sent again only as long as nothing of it has been asked for. */
function oneShot(
  pieces: AsyncIterable<Uint8Array | string>,
  source: Source = pieces,
): RequestContent {
  let begun = false;
  const begin = (): AsyncIterable<Uint8Array | string> => {
    // Two would share its pieces, and a second one get what the first has left: middleware may ask for both.
    if (begun)
      throw broken(
        "the request content can be sent only once, and was begun before",
        "Pass it as bytes, or as a function that makes it anew.",
      );
    begun = true;
    return pieces;
  };
  return {
    type: null,
    get replayable() {
      return !begun;
    },
    open: (length) => ({ source: measured(begin, length), length }),
    close: () => void (begun || close(source)),
  };
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
        throw broken("the function given as body failed", "See cause.", {
          cause,
          requestSent: "no",
        });
      }
      const content = fromInput(input);
      const body = await content.open(length);
      if (!isStream(body)) return body;
      const stream: MadeStream = {
        ...body,
        abandon: () => void (content.replayable && close(input as Source)),
      };
      return stream;
    },
  };
}

/** The exchange that opened this content is over: what a function has made, and nobody has begun to read, is closed. */
export function abandon(body: TransportBody | null): void {
  (body as Partial<MadeStream> | null)?.abandon?.();
}

async function close(source: Source): Promise<void> {
  try {
    if (source instanceof ReadableStream) await source.cancel();
    // Node's streams have a file or a socket open that the `return` of an iterator leaves open which has not begun.
    else if (Symbol.asyncDispose in source)
      await (source as Source & AsyncDisposable)[Symbol.asyncDispose]();
    else await source[Symbol.asyncIterator]().return?.();
  } catch {
    // The exchange has failed already, and not by this.
  }
}

function jsonText(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw invalid("CONTENT", "json cannot be serialised", "Remove cycles and bigints.", cause);
  }
  if (json !== undefined) return json;
  throw invalid(
    "CONTENT",
    `json is ${shown(value)}`,
    "Pass an object, array, string, number, boolean or null.",
  );
}
