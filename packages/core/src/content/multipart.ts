/*
 * multipart/form-data (RFC 7578). Parts that are whole become one Blob: its length is known, files are not read before
 * they are sent, and runtimes that cannot stream a request can send it all the same. Others are read one after another.
 */

import { invalid } from "../errors.ts";
import { type HeadersInput, mergeHeaders } from "../headers.ts";
import { badHeader, fieldValue } from "../http/field.ts";
import { invalidOption, lay, type Rule } from "../options/rules.ts";
import { shown } from "../redact.ts";
import type { FieldLines, TransportBody } from "../transport.ts";
import { bodyLength, isStream } from "./body.ts";
import { Joined } from "./joined.ts";
import { type ContentInput, plainContent, WholeContent } from "./plain-content.ts";
import { abandon, MadeContent, OpenedStream, type RequestContent } from "./source.ts";

/** One part of a form. */
export interface Part {
  readonly name: string;
  /** Sent as it is; text in UTF-8. A function makes it anew for each attempt, just before that is sent. */
  readonly content: ContentInput | (() => ContentInput | Promise<ContentInput>);
  /** Default: the name of a `File`, `blob` for another Blob, none for everything else. */
  readonly filename?: string | undefined;
  /** Its `content-type`. Default: that of the Blob; none for text without a file name; else `application/octet-stream`. */
  readonly type?: string | undefined;
  /** Fields besides `content-disposition` and `content-type`. */
  readonly headers?: HeadersInput | undefined;
  /** Number of bytes of a stream, where you know it. It is held to that. */
  readonly length?: number | undefined;
}

/** What `multipart` can be. */
export type MultipartInput = FormData | readonly Part[];

type PartSettings = { readonly [K in "name" | "filename" | "type"]: string | null } & {
  readonly headers: FieldLines;
  readonly length: number | null;
  readonly content: unknown;
};

const noPart: PartSettings = {
  name: null,
  filename: null,
  type: null,
  headers: [],
  length: null,
  content: null,
};

const rules: { readonly [K in keyof PartSettings]: Rule<PartSettings[K]> | null } = {
  name: quotable,
  filename: quotable,
  type(value, _base, option) {
    if (typeof value === "string" && value !== "") return fieldValue("content-type", value);
    throw invalidOption(option, value, "Pass a media type such as image/png.");
  },
  headers(value, base, option) {
    const lines = mergeHeaders(base, value as HeadersInput);
    for (let i = 0; i < lines.length; i += 2) {
      if (/^(content-(disposition|type|length)|transfer-encoding)$/i.test(lines[i] as string))
        throw badHeader(
          lines[i] as string,
          `stands in ${option}`,
          "Use name, filename, type and length.",
        );
    }
    return lines;
  },
  length(value, _base, option) {
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    throw invalidOption(option, value, "Pass a whole number of bytes, or leave it out.");
  },
  content: null,
};

interface OpenPart {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly content: RequestContent;
  readonly length: number | null;
  readonly option: string;
}

const encoder = new TextEncoder();
const lineEnd = encoder.encode("\r\n");

/** The content of a form. Its boundary is 128 random bits, so that no content can hold it; each attempt has the same. */
export function multipartContent(input: MultipartInput): RequestContent {
  const isForm = input instanceof FormData;
  if (!isForm && !Array.isArray(input))
    throw invalid(
      "CONTENT",
      `multipart is ${shown(input)}`,
      "Pass a FormData, or an array of parts.",
    );
  const random = crypto.getRandomValues(new Uint8Array(32));
  const boundary = `----anyhttp-${Array.from(random, (octet) => (octet & 15).toString(16)).join("")}`;
  const given = isForm
    ? [...(input as unknown as Iterable<[string, string | File]>)].map(entry)
    : (input as readonly Part[]);
  const parts = given.map((part, at) => openPart(part, `multipart[${at}]`, boundary));
  const contents = given.map(({ content: one }) => one);
  const twice = parts.findIndex(
    ({ content: { oneShot } }, at) => oneShot && contents.indexOf(contents[at] as never) < at,
  );
  if (twice >= 0)
    throw invalid(
      "CONTENT",
      `multipart[${twice}].content is what another part has, and can be read once only`,
      "Give each part its own, or a function that makes it.",
    );
  const type = `multipart/form-data; boundary=${boundary}`;
  const end = encoder.encode(`--${boundary}--\r\n`);
  const wholes = parts.map(({ content }) => content);
  const content = new Multipart(type, parts, end);
  if (!wholes.every((one) => one instanceof WholeContent)) return content;
  const blob = content.join(wholes.map((one) => one.content));
  return blob instanceof Blob ? new WholeContent(type, blob) : content;
}

/** An entry of a FormData, whose text has its line breaks as browsers write them. */
function entry([name, value]: readonly [string, string | File]): Part {
  return {
    name: normalizeBreaks(name),
    content: typeof value === "string" ? normalizeBreaks(value) : value,
  };
}

function openPart(given: Part, option: string, boundary: string): OpenPart {
  const { name, filename, type, headers, length } = lay<PartSettings>(
    rules,
    noPart,
    given,
    `${option}.`,
  );
  const input = given.content;
  const what = `${option}.content`;
  if (name === null) throw invalidOption(`${option}.name`, undefined, "Pass a text.");
  const content =
    typeof input === "function"
      ? new MadeContent(input, (made: ContentInput) => plainContent(made, what))
      : plainContent(input, what);
  if (content instanceof WholeContent) hold(content.content, length, option);
  const file = filename ?? (input instanceof Blob ? nameOf(input, option) : null);
  const plain = typeof input === "string" && file === null;
  const said = type ?? (plain ? null : (content.type ?? "application/octet-stream"));
  const lines = said === null ? headers : ["content-type", said, ...headers];
  let head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`;
  if (file !== null) head += `; filename="${file}"`;
  for (let i = 0; i < lines.length; i += 2) head += `\r\n${lines[i]}: ${lines[i + 1]}`;
  return { head: encoder.encode(`${head}\r\n\r\n`), content, length, option };
}

function nameOf(blob: Blob, option: string): string {
  // Bun has entries without a name, where FormData says that it is "blob".
  const name = blob instanceof File ? (blob.name as string | undefined) : null;
  return quotable(name ?? "blob", null, `${option}.filename`);
}

/** Checks that content that is whole has the length declared for it. */
function hold(body: TransportBody, length: number | null, option: string): void {
  const actual = bodyLength(body);
  if (length !== null && actual !== null && actual !== length)
    throw invalidOption(
      `${option}.length`,
      length,
      `The content has ${actual} bytes: leave it out.`,
    );
}

/** Escapes as browsers do (HTML §4.10.21.8): a name cannot end its quotes or its line. Other controls are refused. */
function quotable(value: unknown, _base: unknown, option: string): string {
  if (typeof value !== "string" || /[^\t\n\r\x20-\x7e\x80-\uffff]/.test(value))
    throw invalidOption(option, value, "Pass a text without control characters.");
  return value.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}

function normalizeBreaks(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

/** Parts that are not all whole. */
class Multipart implements RequestContent {
  readonly type: string;
  readonly #parts: readonly OpenPart[];
  readonly #end: Uint8Array<ArrayBuffer>;

  constructor(type: string, parts: readonly OpenPart[], end: Uint8Array<ArrayBuffer>) {
    this.type = type;
    this.#parts = parts;
    this.#end = end;
  }

  get oneShot(): boolean {
    return this.#parts.some(({ content }) => content.oneShot);
  }

  get replayable(): boolean {
    return this.#parts.every(({ content }) => content.replayable);
  }

  async open(declared: number | null): Promise<TransportBody> {
    const bodies: TransportBody[] = [];
    try {
      // Files are looked at and functions called before the first byte is sent, as the length depends on them.
      for (const { content, length, option } of this.#parts) {
        const body = await content.open(length);
        bodies.push(body);
        hold(body, length, option);
      }
    } catch (error) {
      bodies.forEach(abandon);
      throw error;
    }
    return this.join(bodies, declared);
  }

  close(): void {
    for (const { content } of this.#parts) content.close?.();
  }

  /** A Blob of parts that are whole, a stream of others. `declared`: its length, if it is not known. */
  join(bodies: readonly TransportBody[], declared: number | null = null): TransportBody {
    const pieces = this.#parts.flatMap(({ head }, at) => [
      head,
      bodies[at] as TransportBody,
      lineEnd,
    ]);
    pieces.push(this.#end);
    let length: number | null = 0;
    for (const piece of pieces) {
      const own = bodyLength(piece);
      length = own === null || length === null ? null : length + own;
    }
    if (!pieces.some(isStream)) {
      const blob = new Blob(pieces as BlobPart[]);
      // Some runtimes leave out what lies on disk.
      if (blob.size === length) return blob;
    }
    const stream = new OpenedStream(
      () => new Joined(pieces, () => this.close()),
      length ?? declared,
      "multipart",
    );
    stream.abandon = () => bodies.forEach(abandon);
    return stream;
  }
}
