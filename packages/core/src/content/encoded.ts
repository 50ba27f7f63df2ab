/* Request content in its content coding: encoded whole where it is small or cannot be streamed, else piece by piece. */

import { invalid } from "../errors.ts";
import { firstValue } from "../headers.ts";
import { invalidOption, type Rule } from "../options/rules.ts";
import type { HttpRequest } from "../request.ts";
import { ignore } from "../quiet.ts";
import type { ExchangeSignal, FieldLines, TransportBody } from "../transport.ts";
import { bodyLength } from "./body.ts";
import { joinPieces } from "./collect.ts";
import type { CompressCoding, EncoderFactory } from "./encoder.ts";
import { watched, type WriteClock } from "./watched.ts";

/** Content of up to so many bytes is encoded before it is sent, so that it goes out with its exact length. */
const mostWhole = 1_048_576;

const codings: readonly CompressCoding[] = ["gzip", "br", "zstd", "deflate"];

/** One of the codings; `false`: none. */
export const compressRule: Rule<CompressCoding | null> = (value, _base, option) => {
  if (value === false) return null;
  if (codings.includes(value as CompressCoding)) return value as CompressCoding;
  throw invalidOption(option, value, `Pass one of ${codings.join(", ")}, or false.`);
};

/** The field by which the caller says that the content goes as it is. */
function ownField(lines: FieldLines): string | undefined {
  return ["content-encoding", "content-length"].find(
    (name) => firstValue(lines, name) !== undefined,
  );
}

/** The coding that a request asks for and its fields do not rule out; `null` for none. */
export function wantedCoding({ content, settings, lines }: HttpRequest): CompressCoding | null {
  return content && settings.compress && !ownField(lines) ? settings.compress : null;
}

/** @throws InvalidRequestError for a call that asks for a coding and says itself how its content is coded, or how long. */
export function checkCoding(lines: FieldLines): void {
  const name = ownField(lines);
  if (!name) return;
  throw invalid(
    "OPTION",
    `compress is set together with the header ${name}, which it would change`,
    "Leave one of them out.",
  );
}

/** The exchange whose content is encoded. */
type Encoding = Pick<ExchangeSignal, "onabort">;

/**
 * The content in its coding.
 * @param streams Whether it may be a stream of unknown length.
 * @param oneShot Whether it can be read once only, and is better left alone until there is a connection.
 * @param tally Is told of the pieces that the encoder takes.
 * @param encoding For whom. It says when the content is not wanted any more.
 */
export function encodedContent(
  body: TransportBody,
  encode: EncoderFactory,
  streams: boolean,
  oneShot: boolean,
  tally: WriteClock,
  encoding: Encoding,
): TransportBody | Promise<TransportBody> {
  const source = encode(watched(body, tally).source);
  const length = bodyLength(body) ?? Infinity;
  return streams && (oneShot || length > mostWhole)
    ? { source, length: null }
    : gathered(source, encoding);
}

async function gathered(
  encoded: AsyncIterable<Uint8Array<ArrayBuffer>>,
  encoding: Encoding,
): Promise<Uint8Array<ArrayBuffer>> {
  const iterator = encoded[Symbol.asyncIterator]();
  // The transport has nothing yet that it could call off; and the source may be silent.
  encoding.onabort = () => void iterator.return?.().then(ignore, ignore);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    pieces.push(next.value);
    size += next.value.byteLength;
  }
  encoding.onabort = null;
  return joinPieces({ pieces, size, cut: false });
}
