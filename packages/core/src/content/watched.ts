/* Request content under the eyes of a clock: whether the peer takes it is seen by when the next piece is asked for. */

import type { OutgoingStream, TransportBody } from "../transport.ts";
import { bodyLength, bodyPieces } from "./body.ts";

/** The clock that is told. */
export interface WriteClock {
  /** A piece is on its way; from now on it is the peer who keeps us waiting. */
  pieceHandedOver(): void;
  /** The connection has taken it; from now on it is the source. */
  pieceAskedFor(): void;
}

type Pieces = AsyncGenerator<Uint8Array<ArrayBuffer>, void>;

/** The most that is handed over at once, in bytes. */
const most = 65_536;

/** The same content, as a stream of small pieces that tells when each is taken. */
export function watched(body: TransportBody, clock: WriteClock): OutgoingStream {
  return { source: watchedPieces(sliced(body), clock), length: bodyLength(body) };
}

async function* watchedPieces(pieces: Pieces, clock: WriteClock): Pieces {
  // oxlint-disable-next-line anyhttp/no-for-await -- the source is to be ended whatever happens
  for await (const piece of pieces) {
    clock.pieceHandedOver();
    yield piece;
    clock.pieceAskedFor();
  }
  clock.pieceHandedOver();
}

/** The pieces of any content, none larger than {@link most}. */
export async function* sliced(body: TransportBody): Pieces {
  // oxlint-disable-next-line anyhttp/no-for-await -- the source is to be ended whatever happens
  for await (const piece of bodyPieces(body)) yield* slices(piece);
}

function* slices(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>, void> {
  for (let at = 0; at < bytes.byteLength; at += most) yield bytes.subarray(at, at + most);
}
