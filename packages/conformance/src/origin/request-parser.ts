/*
 * Reads requests off a connection (RFC 9112), byte by byte, and keeps the bytes. It forgives nothing in silence: what
 * is sloppy is listed as a fault of the arrival, so that no transport passes with it.
 */

import type { Fields } from "../case/script.ts";

/** The head of a request. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: Fields;
  /** As sent, the empty line included. */
  readonly bytes: string;
  readonly framing: "none" | "length" | "chunked";
}

/** What the parser tells. */
export interface RequestListener {
  head(head: RequestHead): void;
  content(bytes: Buffer): void;
  end(trailers: Fields): void;
  /** Something that is not sound HTTP. After a fatal one nothing more is read. */
  fault(what: string, fatal: boolean): void;
}

type State = "head" | "length" | "chunk-size" | "chunk-data" | "chunk-end" | "trailers" | "broken";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** An incremental parser of the requests of one connection. */
export class RequestParser {
  readonly #listener: RequestListener;
  #state: State = "head";
  #buffer: Buffer = Buffer.alloc(0);
  #left = 0;
  #trailers: [string, string][] = [];
  readonly #faults: string[] = [];

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  /** Whether a request has begun and not ended. */
  get midway(): boolean {
    return this.#state !== "head" || this.#buffer.length > 0;
  }

  /** Takes what has come. */
  push(piece: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? piece : Buffer.concat([this.#buffer, piece]);
    while (this.#buffer.length > 0 && this.#step());
  }

  /** Does one thing; `false` when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case "head":
        return this.#head();
      case "length":
      case "chunk-data":
        return this.#data();
      case "chunk-size":
        return this.#chunkSize();
      case "chunk-end": {
        const line = this.#line();
        if (line === null) return false;
        if (line !== "") this.#break("a chunk is longer than it says");
        this.#state = "chunk-size";
        return true;
      }
      case "trailers":
        return this.#trailer();
      case "broken":
        this.#buffer = Buffer.alloc(0);
        return false;
    }
  }

  #head(): boolean {
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end < 0) {
      if (this.#buffer.length > 1_048_576) this.#break("the head does not end");
      return false;
    }
    const bytes = this.#take(end + 4).toString("latin1");
    const [line = "", ...lines] = bytes.slice(0, -4).split("\r\n");
    const [method = "", target = "", protocol = "", ...more] = line.split(" ");
    if (!token.test(method) || target === "" || more.length > 0)
      return this.#break(`bad request line ${line}`);
    if (protocol !== "HTTP/1.1" && protocol !== "HTTP/1.0")
      return this.#break(`bad version ${protocol}`);
    const fields = lines.map((text) => this.#field(text));
    const framing = this.#framing(fields);
    this.#listener.head({ method, target, version: protocol.slice(5), fields, bytes, framing });
    // Only now is there an arrival that they can be told of.
    for (const fault of this.#faults.splice(0)) this.#listener.fault(fault, false);
    if (fields.filter(([name]) => name.toLowerCase() === "host").length !== 1) {
      this.#listener.fault("there must be one host field", false);
    }
    if (framing === "none" || (framing === "length" && this.#left === 0)) this.#listener.end([]);
    else this.#state = framing === "length" ? "length" : "chunk-size";
    return true;
  }

  #field(line: string): [string, string] {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    // RFC 9112 §5: no white space before the colon, no folding; and a bare CR or LF is smuggling.
    if (!token.test(name) || /[\r\n\0]/.test(line)) this.#faults.push(`bad field line ${line}`);
    return [name, line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, "")];
  }

  #framing(fields: Fields): RequestHead["framing"] {
    const all = (wanted: string): string[] =>
      fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
    const [lengths, codings] = [all("content-length"), all("transfer-encoding")];
    if (lengths.length + codings.length > 1) this.#faults.push("content is framed twice");
    if (codings.length > 0) {
      if (codings.join().toLowerCase() !== "chunked")
        this.#faults.push(`transfer-encoding ${codings.join()}`);
      return "chunked";
    }
    if (lengths.length === 0) return "none";
    if (!/^\d+$/.test(lengths[0] ?? "")) this.#faults.push(`content-length ${lengths.join()}`);
    this.#left = Number(lengths[0]) || 0;
    return "length";
  }

  #data(): boolean {
    const piece = this.#take(Math.min(this.#left, this.#buffer.length));
    this.#left -= piece.length;
    this.#listener.content(piece);
    if (this.#left > 0) return false;
    if (this.#state === "length") this.#end([]);
    else this.#state = "chunk-end";
    return true;
  }

  #chunkSize(): boolean {
    const line = this.#line();
    if (line === null) return false;
    const size = /^([0-9A-Fa-f]+)[ \t]*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) return this.#break(`bad chunk size ${line}`);
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "chunk-data";
    return true;
  }

  #trailer(): boolean {
    const line = this.#line();
    if (line === null) return false;
    if (line === "") this.#end(this.#trailers);
    else this.#trailers.push(this.#field(line));
    for (const fault of this.#faults.splice(0)) this.#listener.fault(fault, false);
    return true;
  }

  #end(trailers: Fields): void {
    this.#state = "head";
    this.#trailers = [];
    this.#listener.end(trailers);
  }

  #line(): string | null {
    const end = this.#buffer.indexOf("\r\n");
    return end < 0
      ? null
      : this.#take(end + 2)
          .toString("latin1")
          .slice(0, -2);
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  #break(what: string): false {
    this.#state = "broken";
    this.#listener.fault(what, true);
    return false;
  }
}
