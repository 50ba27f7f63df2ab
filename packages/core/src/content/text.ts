/* Bytes as text, whole and piece by piece, and text as lines. */

import { ContentError, unparsable } from "../errors.ts";

/** A decoder for a label; UTF-8 if there is none or it is unknown (WHATWG Encoding). */
export function textDecoder(charset: string | null, options?: TextDecoderOptions): TextDecoder {
  if (charset !== null && !/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder(charset, options);
    } catch {
      // An unknown label is the server's slip; what came is UTF-8 more often than anything else.
    }
  }
  return new TextDecoder("utf-8", options);
}

/** What a byte order mark says of the charset; it counts for more than a label (WHATWG Encoding §6, decode). */
export function textMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xef && second === 0xbb && third === 0xbf ? "utf-8" : null;
}

/** Decodes text piece by piece. A byte order mark stays. */
export class PieceDecoder {
  readonly #charset: string | null;
  #decoder: TextDecoder | null = null;
  /** What may become a byte order mark. */
  #held: readonly number[] = [];

  /** @param charset `undefined`: UTF-8, whatever its mark says. */
  constructor(charset: string | null | undefined) {
    this.#charset = charset ?? null;
    // Node's decoder takes a mark that comes after a broken sequence for one that stands at the beginning.
    if (charset === undefined) this.#decoder = textDecoder(null, { ignoreBOM: true });
  }

  /** Decodes the next piece, or what is left at the end. @throws ContentError if the platform fails at the charset. */
  decode(next?: Uint8Array): string {
    let piece = next;
    if (!this.#decoder) {
      piece = this.#held.length > 0 ? Uint8Array.of(...this.#held, ...(piece ?? [])) : piece;
      // Nothing else begins like a mark, so nothing else waits for what follows.
      if (next && piece && piece.length < 3 && (piece[0] ?? 0xff) >= 0xef) {
        this.#held = [...piece];
        return "";
      }
      const mark = piece ? textMark(piece) : null;
      this.#decoder = textDecoder(mark ?? this.#charset, { ignoreBOM: true });
    }
    try {
      return this.#decoder.decode(piece, { stream: next !== undefined });
    } catch (cause) {
      // No decoder may throw that is not fatal, but Node's does: at pieces of GB18030, GBK and ISO-2022-JP that are
      // short and wrong.
      const what = `a piece of the content cannot be decoded as ${this.#decoder.encoding}`;
      throw new ContentError("ERR_CONTENT_DECODE", what, "Read it whole with text().", { cause });
    }
  }
}

/** The error of a line or event beyond its limit, in characters. */
export function tooLong(what: string, limit: number): ContentError {
  const why = `${what} of the content is longer than ${limit} characters`;
  return new ContentError("ERR_CONTENT_TOO_LARGE", why, "Raise maxLength, or read it otherwise.");
}

/** Finds lines in linear time whatever the pieces: LF, CRLF or CR end one, wherever a piece is cut. */
export class LineSplitter {
  readonly #limit: number;
  #open: string[] = [];
  #length = 0;
  #skipped = "\uFEFF";

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in the next piece. @throws ContentError for one that is too long, ended or not. */
  *split(text: string): Generator<string, void> {
    let start = this.#skipped !== "" && text.startsWith(this.#skipped) ? 1 : 0;
    if (text !== "") this.#skipped = "";
    const ends = /\r\n?|\n/g;
    ends.lastIndex = start;
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      this.#add(text.slice(start, end.index));
      start = ends.lastIndex;
      // A CR at the very end may be half of a CRLF.
      this.#skipped = end[0] === "\r" && start === text.length ? "\n" : "";
      yield this.#line();
    }
    if (start < text.length) this.#add(text.slice(start));
  }

  /** What stands behind the last end of a line, if anything does. */
  *rest(): Generator<string, void> {
    if (this.#open.length > 0) yield this.#line();
  }

  #add(part: string): void {
    this.#open.push(part);
    if ((this.#length += part.length) > this.#limit) throw tooLong("a line", this.#limit);
  }

  #line(): string {
    const line = this.#open.join("");
    this.#open = [];
    this.#length = 0;
    return line;
  }
}

/** The value of a JSON text. @throws ParseError that says `why`. */
export function parseJson(text: string, why: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unparsable("JSON", why, "Read it with text() to see what came.", cause);
  }
}
