/* The body of a `fetch`, of whatever realm or copy of its class, as content of a session's call. */

import type { BodyInput } from "../content/request-content.ts";
import { streamPieces } from "../content/body.ts";
import { joinPieces } from "../content/collect.ts";
import { ignore } from "../quiet.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Content before it is opened. */
export interface GivenContent {
  /** A stream or an iterable, which `init` may hold only together with `duplex`. */
  readonly oneShot: boolean;
  open(): BodyInput | Promise<BodyInput>;
  /** Gives up what nobody has begun to read. */
  cancel(reason: unknown): void;
}

/** Most bytes of a Request's body that are held in memory, so that they have a length and can be sent again. */
const wholeLimit = 1_048_576;
/** Milliseconds in which a form has to be there, to be held in memory. */
const formPatience = 250;

function whole(open: () => BodyInput | Promise<BodyInput>): GivenContent {
  return { oneShot: false, open, cancel: ignore };
}

/** What `init.body` holds (Fetch §5.2, extract a body). @throws TypeError */
export function givenContent(body: unknown): GivenContent {
  if (typeof body === "string") return whole(() => body);
  // A copy, as what is sent is what was there when `fetch` was called.
  if (ArrayBuffer.isView(body)) {
    const { buffer, byteOffset, byteLength } = body;
    const copy = new Uint8Array(buffer, byteOffset, byteLength).slice();
    return whole(() => copy);
  }
  switch (Object.prototype.toString.call(body).slice(8, -1)) {
    case "ArrayBuffer":
    case "SharedArrayBuffer":
      return givenContent(new Uint8Array(body as ArrayBuffer));
    case "URLSearchParams": {
      const copy = new URLSearchParams(String(body));
      return whole(() => copy);
    }
    case "FormData": {
      const form = body as Iterable<[string, string | File]>;
      if (!(body instanceof FormData)) return whole(() => ownForm([...form]));
      const copy = new FormData();
      for (const [name, value] of form) copy.append(name, value);
      return whole(() => copy);
    }
    case "Blob":
    case "File":
      return whole(() => (body instanceof Blob ? body : ownBlob(body as Blob)));
  }
  if (isStream(body)) {
    if (body.locked) throw new TypeError("the body is a stream that is being read already");
    return {
      oneShot: true,
      open: () => (body instanceof ReadableStream ? body : streamPieces(body)),
      cancel: (reason) => void (body.locked || body.cancel(reason).catch(ignore)),
    };
  }
  if (Symbol.asyncIterator in Object(body))
    return { oneShot: true, open: () => body as AsyncIterable<Bytes>, cancel: ignore };
  const text = textOf(body);
  if (!text.startsWith("[object ")) return whole(() => text);
  throw new TypeError("the body is an object. Pass JSON.stringify(it), FormData, or a stream.");
}

/** As Fetch makes text of anything, which fails at symbols. */
export function textOf(value: unknown): string {
  // `String()` takes symbols.
  return "".concat(value as string);
}

/** A Blob of another copy, which the platform would take for an object like any other. */
async function ownBlob(foreign: Blob): Promise<Blob> {
  return new Blob([await foreign.arrayBuffer()], { type: foreign.type });
}

async function ownForm(pairs: readonly (readonly [string, string | File])[]): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of pairs) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, await ownBlob(value), value.name);
  }
  return form;
}

/** By shape, as others than the platform make some, too. */
function isStream(body: unknown): body is ReadableStream<Bytes> {
  return typeof (body as Partial<ReadableStream> | null)?.getReader === "function";
}

/**
 * The body of a Request, whose source nobody can see. What is there at once, and is not much, is sent whole: with its
 * length, and again if need be. All else is sent as it comes.
 * @param isForm Forms are never endless, and hold files: they may take a little time.
 */
export function requestContent(
  body: ReadableStream<Bytes> | AsyncIterable<Bytes>,
  isForm: boolean,
): GivenContent {
  if (!isStream(body)) return givenContent(body);
  let reader: ReadableStreamDefaultReader<Bytes> | undefined;
  return {
    oneShot: true,
    cancel: (reason) => void (reader ?? body).cancel(reason).catch(ignore),
    async open() {
      reader = body.getReader();
      const pieces: Bytes[] = [];
      const late = isForm ? after(formPatience) : null;
      let size = 0;
      let next = reader.read();
      while (size <= wholeLimit) {
        // What it fails with is found again by who sends it.
        const piece = await Promise.race([next, late ?? after(0)]).catch(() => null);
        if (!piece) break;
        if (piece.done) return joinPieces({ pieces, size, cut: false });
        pieces.push(piece.value);
        size += piece.value.byteLength;
        next = reader.read();
      }
      next.catch(ignore);
      return rest(pieces, next, reader);
    },
  };
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null));
}

async function* rest(
  pieces: readonly Bytes[],
  first: Promise<ReadableStreamReadResult<Bytes>>,
  reader: ReadableStreamDefaultReader<Bytes>,
): AsyncGenerator<Bytes, void> {
  try {
    yield* pieces;
    for (let next = await first; !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.cancel().catch(ignore);
  }
}
