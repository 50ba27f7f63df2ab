/* Content of one kind, be it that of a request or of a part: text, bytes, a Blob, what is read while it is sent. */

import { invalid } from "../errors.ts";
import { fieldValue } from "../http/field.ts";
import { shown } from "../redact.ts";
import { type RequestContent, sourceContent, type SourceInput } from "./source.ts";

/** Text, bytes, a Blob, or what is read while it is sent. */
export type ContentInput = string | Uint8Array | ArrayBuffer | ArrayBufferView | Blob | SourceInput;

const encoder = new TextEncoder();

/** Content that is whole before it is sent. */
export class WholeContent implements RequestContent {
  readonly type: string | null;
  readonly replayable = true;
  readonly content: Uint8Array<ArrayBuffer> | Blob;

  constructor(type: string | null, content: Uint8Array<ArrayBuffer> | Blob) {
    this.type = type;
    this.content = content;
  }

  open(): Uint8Array<ArrayBuffer> | Blob {
    return this.content;
  }
}

/** A text in UTF-8. */
export function textContent(type: string, content: string): WholeContent {
  return new WholeContent(type, encoder.encode(content));
}

/** The content of an input. `what` it is called. @throws InvalidRequestError if it is of no kind that can be sent. */
export function plainContent(input: ContentInput, what: string): RequestContent {
  if (typeof input === "string") return textContent("text/plain;charset=UTF-8", input);
  if (input instanceof Blob) return blobContent(input, what);
  if (input instanceof ArrayBuffer) return new WholeContent(null, new Uint8Array(input));
  if (ArrayBuffer.isView(input)) {
    const { buffer, byteOffset, byteLength } = input;
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    // Memory that is shared, fetch takes for an object like any other, and sends as text (Web IDL, BufferSource).
    return new WholeContent(null, buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes));
  }
  const content = sourceContent(input, what);
  if (content) return content;
  throw invalid(
    "CONTENT",
    `${what} is ${shown(input)}`,
    "Pass text, bytes, a Blob, a stream, an async iterable, an open file or a function; or use json, form or multipart.",
  );
}

/** What the platform has in a Blob, whatever a class that extends it says; its type is the class's to say. */
function blobContent(blob: Blob, what: string): WholeContent {
  // Once each, as they may be getters.
  const { type, size } = blob;
  const held: unknown = Reflect.get(Blob.prototype, "size", blob);
  if (size === held)
    return new WholeContent(
      type ? fieldValue("content-type", type) : null,
      Blob.prototype.slice.call(blob),
    );
  throw invalid(
    "CONTENT",
    `${what} is a Blob that says it has ${size} bytes and does not`,
    "Pass it as it was made.",
  );
}
