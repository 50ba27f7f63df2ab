/* A response: its head at once, its content once, in whichever form the caller wants it. */

import { collect, type Collected, keptPieces, Whole } from "./content/collect.ts";
import { decodedContent } from "./content/decode.ts";
import type { Incoming } from "./content/incoming.ts";
import { piecesToStream } from "./content/body.ts";
import { PieceIterator } from "./content/piece-iterator.ts";
import { verified } from "./content/integrity.ts";
import { attribute, ContentError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { firstValue, HttpHeaders } from "./headers.ts";
import { type Link, parseLinks } from "./http/link.ts";
import { cookiePairs } from "./http/set-cookie.ts";
import { metered } from "./progress/metered-body.ts";
import type { HttpRequest } from "./request.ts";
import { quiet } from "./quiet.ts";
import { ContentReaders } from "./readers.ts";
import type { FailedAttempt, RedirectHop, ResponseConnection } from "./response-facts.ts";
import type { Timings } from "./timings.ts";
import type { ResponseBody, Transport, TransportResponse } from "./transport.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Most bytes of content that is read whole, unless `maxResponseSize` says otherwise. */
const defaultWholeLimit = 268_435_456;
const noHops: readonly RedirectHop[] = Object.freeze([]);
const noAttempts: readonly FailedAttempt[] = Object.freeze([]);

/**
 * The response to a call. Its content is read once, with one of the readers; a response that nobody reads holds its
 * connection until `discard()`, or the end of an `await using` block.
 */
export class HttpResponse extends ContentReaders implements AsyncDisposable, AsyncIterable<Bytes> {
  readonly status: number;
  /** The reason phrase; `""` where there is none. */
  readonly statusText: string;
  /** `"1.1"`, `"2"` …; `null` where the transport cannot know. */
  readonly httpVersion: string | null;
  /** The redirects that led here, oldest first. */
  history: readonly RedirectHop[] = noHops;
  /** The attempts of the last hop that had failed before, oldest first. */
  attempts: readonly FailedAttempt[] = noAttempts;
  readonly #exchange: Exchange;
  readonly #transport: Transport;
  readonly #incoming: Incoming;
  readonly #head: TransportResponse;
  #headers: HttpHeaders | null = null;
  #stream: ReadableStream<Bytes> | null = null;
  #kept: Promise<Collected> | null = null;
  #used = false;
  #discarded = false;

  /** @internal */
  constructor(
    exchange: Exchange,
    head: TransportResponse,
    incoming: Incoming,
    transport: Transport,
  ) {
    super();
    this.status = head.status;
    this.statusText = head.statusText;
    this.httpVersion = head.httpVersion;
    this.#head = head;
    this.#exchange = exchange;
    this.#incoming = incoming;
    this.#transport = transport;
  }

  /** @internal The request that it answers. */
  get request(): HttpRequest {
    return this.#exchange.request;
  }

  /** Whether the status is 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The URL that answered, after redirects, without fragment. */
  get url(): string {
    return this.#exchange.target.href;
  }

  /** The fragment of `url`, with its `#`; a location without one inherits it (RFC 9110 §10.2.2). `""` for none. */
  get fragment(): string {
    return this.#exchange.target.fragment;
  }

  /** Whether redirects led here. */
  get redirected(): boolean {
    return this.history.length > 0;
  }

  /** The fields as they came, content codings included though the readers undo them. */
  get headers(): HttpHeaders {
    return (this.#headers ??= HttpHeaders.over(this.#head.headers));
  }

  /** The trailer fields, once the content is over; `null` where the transport cannot know them, or there was no end. */
  get trailers(): Promise<HttpHeaders | null> {
    return new Promise((resolve) => {
      this.#incoming.whenOver((trailers) => resolve(trailers && HttpHeaders.over(trailers)));
    });
  }

  /** How long each step took, so far. */
  get timings(): Timings {
    return this.#exchange.times.timings;
  }

  /** The connection; `null` where the transport cannot know. */
  get connection(): ResponseConnection | null {
    const { connection, reused } = this.#exchange;
    return connection && { ...connection, reused: reused === true };
  }

  /** The links of the `link` fields, by relation type. */
  get links(): Record<string, Link> {
    return parseLinks(this.headers.get("link"), this.url);
  }

  /** Names and values of the cookies that the response sets; later ones win. Attributes are in `headers.getSetCookie()`. */
  get cookies(): Record<string, string> {
    return cookiePairs(this.headers.getSetCookie());
  }

  /** Whether a reader has taken the content. */
  get bodyUsed(): boolean {
    return this.#used;
  }

  /** The content, decoded, as a web stream; reading it uses the content. */
  get body(): ReadableStream<Bytes> {
    return (this.#stream ??= piecesToStream(this));
  }

  /** The pieces of the content, decoded, as they come. Leaving the loop gives the rest up. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Bytes> {
    const { settings } = this.request;
    if (this.#kept) return keptPieces(this.#kept);
    if (settings.integrity) return keptPieces(quiet(Promise.resolve(this.collected())));
    return new PieceIterator(this.#take(), settings.maxResponseSize ?? Infinity, this.request);
  }

  /**
   * Gives the content up. Of what nobody has begun to read, a short rest is taken in the background so that the
   * connection can serve again; a reader that has not come to the end fails.
   */
  discard(): void {
    if (this.#discarded) return;
    this.#discarded = true;
    if (!this.#used) {
      this.#used = true;
      this.#incoming.drain();
    } else if (!this.#incoming.over)
      this.#incoming.break(attribute(used("was given up while it was being read"), this.request));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.discard();
    return Promise.resolve();
  }

  /** @internal Reads up to `limit` bytes and keeps them for the readers; says whether there was more. */
  async keep(limit: number): Promise<boolean> {
    const free = !this.#used;
    const kept = (async () => collect(this.#take(), limit, "cut", this.request))();
    // A failure is kept as well: reading it later says what is wrong. What somebody has read before is not ours to keep.
    if (free) {
      this.#kept = kept;
      this.#used = false;
    }
    return (await kept).cut;
  }

  protected override get source(): this {
    return this;
  }

  /** @internal The value of `content-type`; `""` if there is none. */
  get contentType(): string {
    return firstValue(this.#head.headers, "content-type") ?? "";
  }

  /** @internal The whole content: without a promise if it came together with the head, as small content does. */
  collected(): Promise<Collected> | Collected {
    if (this.#kept) return this.#kept;
    const { request } = this;
    const { integrity, maxResponseSize } = request.settings;
    const limit = maxResponseSize ?? defaultWholeLimit;
    const body = this.#take();
    const pieces = body === this.#incoming ? this.#incoming.takeWhole(limit) : null;
    const whole = pieces
      ? new Whole(pieces, this.#incoming.kept)
      : collect(body, limit, "fail", request);
    return integrity ? verified(whole, integrity) : whole;
  }

  /** Takes the content for one reader, with its codings undone. */
  #take(): ResponseBody {
    const { request } = this.#exchange;
    try {
      if (this.#used) throw used("has already been read");
      this.#used = true;
      const { capabilities, decoders } = this.#transport;
      const coded =
        request.settings.decompress &&
        capabilities.contentCoding === "raw" &&
        request.method !== "HEAD" &&
        // Nor have these content (RFC 9110 §15.3.5, §15.4.5), whatever coding they say that it would have.
        this.status !== 204 &&
        this.status !== 304 &&
        firstValue(this.#head.headers, "content-encoding") !== undefined;
      const incoming = this.#incoming;
      const body = coded ? decodedContent(incoming, this.#head.headers, decoders) : incoming;
      return metered(body, incoming, this.#exchange, this.#head, this.#transport);
    } catch (error) {
      throw attribute(error, request);
    }
  }
}

function used(how: string): ContentError {
  const what = `the response content ${how}`;
  return new ContentError("ERR_CONTENT_USED", what, "Read it once and keep the result.");
}
