/* Response content on its way to its reader, measured: what has come, and what that is without its coding. */

import type { Incoming } from "../content/incoming.ts";
import type { Exchange } from "../exchange.ts";
import { firstValue } from "../headers.ts";
import type {
  ContentReceiver,
  FieldLines,
  ResponseBody,
  Transport,
  TransportResponse,
} from "../transport.ts";
import type { Meter } from "./progress.ts";

/**
 * @internal The content, measured if somebody listens.
 * @param body What becomes of `incoming`.
 */
export function metered(
  body: ResponseBody,
  incoming: Incoming,
  exchange: Exchange,
  head: TransportResponse,
  { capabilities }: Transport,
): ResponseBody {
  const meter = exchange.meter("download");
  if (!meter) return body;
  const decodes = capabilities.contentCoding === "decoded";
  meter.begin(announcedLength(exchange.method, head, decodes));
  return new MeteredBody(body, incoming, meter);
}

/** How much content a head announces, on the wire; `null` if it does not, or nobody sees how much of it has come. */
function announcedLength(
  method: string,
  { status, headers }: TransportResponse,
  decodes: boolean,
): number | null {
  const length = firstValue(headers, "content-length") ?? "";
  const isUnseen = decodes && firstValue(headers, "content-encoding") !== undefined;
  return method === "HEAD" || status === 304 || isUnseen || !/^\d{1,15}$/.test(length)
    ? null
    : Number(length);
}

class MeteredBody implements ResponseBody, ContentReceiver {
  readonly #body: ResponseBody;
  readonly #incoming: Incoming;
  readonly #meter: Meter;
  #receiver: ContentReceiver | null = null;
  #decoded = 0;

  /** @param body What becomes of `incoming`. */
  constructor(body: ResponseBody, incoming: Incoming, meter: Meter) {
    this.#body = body;
    this.#incoming = incoming;
    this.#meter = meter;
  }

  start(receiver: ContentReceiver): void {
    this.#receiver = receiver;
    this.#body.start(this);
  }

  data(piece: Uint8Array<ArrayBuffer>): void {
    // Counted before it is passed on, as its memory may be given away then.
    this.#decoded += piece.byteLength;
    this.#receiver?.data(piece);
    this.#meter.update(this.#incoming.received, this.#decoded);
  }

  end(trailers: FieldLines | null): void {
    // Coded content of nothing has come as well.
    this.#meter.update(this.#incoming.received, this.#decoded);
    this.#meter.end(true);
    this.#receiver?.end(trailers);
  }

  fail(error: unknown): void {
    this.#meter.end(false);
    this.#receiver?.fail(error);
  }

  pause(): void {
    this.#body.pause();
  }

  resume(): void {
    this.#body.resume();
  }

  cancel(): void {
    this.#meter.end(false);
    this.#body.cancel();
  }
}
