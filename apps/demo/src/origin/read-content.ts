// Reads request content whole, up to a limit.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./exchange.ts";

const limit = 64 * 1024 * 1024;

/** All bytes of a request's content. */
export async function readContent(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) throw new Refusal(413, `content over ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}
