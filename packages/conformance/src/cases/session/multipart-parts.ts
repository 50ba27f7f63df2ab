/* Sources and files for the cases of `session/multipart` and `transport/upload-sources`, and rows made into cases. */

import {
  call,
  type CallOptions,
  type Case,
  defineCase,
  type Expectation,
  formParts,
  type FormPart,
  refuses,
  respond,
  utf8,
} from "../../case.ts";

/** The type of what is no text and says none. */
export const octets = "content-type: application/octet-stream";

/** An open file of these bytes, of the shape that Node's and Bun's have: each read says where. */
export class PlacedFile {
  closed = 0;
  reads = 0;
  readonly #content: Uint8Array<ArrayBuffer>;
  readonly #size: number;

  /** @param size What `stat()` says. */
  constructor(content: string, size?: number) {
    this.#content = new TextEncoder().encode(content);
    this.#size = size ?? this.#content.byteLength;
  }

  async stat(): Promise<{ readonly size: number; isFile(): boolean }> {
    await Promise.resolve();
    if (this.closed > 0) throw new Error("EBADF");
    return { size: this.#size, isFile: () => true };
  }

  async read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }> {
    await Promise.resolve();
    if (this.closed > 0) throw new Error("EBADF");
    this.reads++;
    const piece = this.#content.subarray(position, position + length);
    into.set(piece, offset);
    return { bytesRead: piece.byteLength };
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

/** An open file of the shape that Deno's have, with one position for all who read it. */
export class PositionedFile {
  closed = 0;
  #at = 0;
  readonly #content: Uint8Array<ArrayBuffer>;
  readonly #pause: number;

  /** @param pause Milliseconds that each read takes. */
  constructor(content: string, pause = 0) {
    this.#content = new TextEncoder().encode(content);
    this.#pause = pause;
  }

  async stat(): Promise<{ readonly size: number; readonly isFile: boolean }> {
    return Promise.resolve({ size: this.#content.byteLength, isFile: true });
  }

  async seek(offset: number): Promise<number> {
    return Promise.resolve((this.#at = offset));
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (this.#pause > 0) await new Promise((resolve) => setTimeout(resolve, this.#pause));
    const piece = this.#content.subarray(this.#at, this.#at + Math.min(into.byteLength, 700));
    into.set(piece);
    this.#at += piece.byteLength;
    return piece.byteLength || null;
  }

  close(): void {
    this.closed++;
  }
}

/** A call with a form, and the parts that it must arrive as. */
export interface FormRow {
  readonly name: string;
  readonly title: string;
  readonly options: () => CallOptions;
  readonly parts: readonly FormPart[];
  /** Whether it has to be streamed; how it is framed then. */
  readonly streams?: "length" | "chunked";
  readonly catalogue?: readonly string[];
  readonly spec?: readonly string[];
  readonly hint?: string;
}

/** Cases of rows: exactly these parts arrive, and nothing else. */
export function formCases(topic: string, rows: readonly FormRow[]): Case[] {
  return rows.map(({ name, title, options, parts, streams, catalogue, spec, hint }) =>
    defineCase({
      id: `${topic}/${name}`,
      title,
      level: "must",
      spec: spec ?? ["RFC 7578 §4"],
      catalogue: catalogue ?? [],
      ...(streams && {
        requires: { requestStreaming: "half-duplex" as const },
        otherwise: refuses("requestStreaming", "multipart"),
      }),
      origin: [respond(200, [], "taken")],
      async perform(kit) {
        const seen = await kit.call(call("POST", "a", options));
        const { arrivals } = await kit.origin.ledger();
        kit.note("parts", formParts(arrivals[0]));
        // Where lengths of streams cannot be declared, the platform sends them chunked.
        const declares = kit.capabilities.streamLength === "declared" || !streams;
        kit.note("framing", declares ? arrivals[0]?.framing : (streams ?? "length"));
        return seen;
      },
      expect: {
        status: 200,
        content: "taken",
        arrivals: [{ complete: true }],
        facts: { parts, framing: streams ?? "length" },
      },
      hint: hint ?? "check that heads of parts, order and the last boundary are those of RFC 7578",
    }),
  );
}

/** What a refusal before anything is sent looks like. */
export function refusedAs(code: string): Expectation {
  return { error: { name: "InvalidRequestError", code, phase: "prepare", requestSent: "no" } };
}

/** A part of plain text. */
export function text(name: string, content: string): FormPart {
  return { name, fields: [], content: utf8(content) };
}
