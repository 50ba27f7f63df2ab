/* Bytes as text: charset, lines and newline-delimited JSON. */

import { attribute, ContentError, type FailedRequest, unparsable } from "../errors.ts";

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

/**
 * The lines of a text, in linear time whatever the pieces: LF, CRLF or CR end a line, wherever a piece is cut.
 * @throws ContentError if the platform fails at the charset.
 */
export async function* lines(
  pieces: AsyncIterable<Uint8Array>,
  charset: string | null,
): AsyncGenerator<string, void> {
  // Node's decoder takes a byte order mark that comes after a broken sequence for one that stands at the beginning.
  const decoder = textDecoder(charset, { ignoreBOM: true });
  const open: string[] = [];
  let skipped = "\uFEFF";
  const split = function* (text: string): Generator<string, void> {
    let start = skipped !== "" && text.startsWith(skipped) ? 1 : 0;
    if (text !== "") skipped = "";
    const ends = /\r\n?|\n/g;
    ends.lastIndex = start;
    for (let end = ends.exec(text); end; end = ends.exec(text)) {
      open.push(text.slice(start, end.index));
      start = ends.lastIndex;
      // A CR at the very end may be half of a CRLF.
      skipped = end[0] === "\r" && start === text.length ? "\n" : "";
      yield open.splice(0).join("");
    }
    if (start < text.length) open.push(text.slice(start));
  };
  // oxlint-disable-next-line anyhttp/no-for-await -- any iterable will do, and leaving this one has to end it
  for await (const piece of pieces) yield* split(decode(decoder, piece));
  yield* split(decode(decoder));
  if (open.length > 0) yield open.join("");
}

/** Decodes the next piece, or what is left at the end. */
function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch (cause) {
    // No decoder may throw that is not fatal, but Node's does: at pieces of GB18030, GBK and ISO-2022-JP that are short
    // and wrong.
    const what = `a piece of the content cannot be decoded as ${decoder.encoding}`;
    throw new ContentError("ERR_CONTENT_DECODE", what, "Read it whole with text().", { cause });
  }
}

/** The value of a JSON text. @throws ParseError that says `why`. */
export function parseJson(text: string, why: string, request?: FailedRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const error = unparsable("JSON", why, "Read it with text() to see what came.", cause);
    throw request ? attribute(error, request) : error;
  }
}

/** One JSON value a line; blank lines are passed over. @throws ParseError with the number of the line. */
export async function* ndjson<T>(
  from: AsyncIterable<string>,
  request?: FailedRequest,
): AsyncGenerator<T, void> {
  let number = 0;
  // oxlint-disable-next-line anyhttp/no-for-await -- as above
  for await (const line of from) {
    number++;
    if (line.trim() !== "") yield parseJson(line, `line ${number} is not valid JSON`, request) as T;
  }
}
