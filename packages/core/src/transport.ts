/*
 * The transport contract: what carries one exchange. This file is the specification; each sentence is pinned by a
 * conformance case. It knows nothing of sessions, policies or platform classes such as `Request` and `Response`.
 */

import type { Capabilities } from "./capabilities.ts";
import type { ContentDecoders } from "./content/decoder.ts";
import type { ContentEncoders } from "./content/encoder.ts";

/**
 * Carries one exchange (RFC 9110 §3.4): connects, writes one request, exposes the head and the content of one response.
 *
 * A transport never redirects, retries, authenticates, stores cookies, reads proxy variables, decodes content (unless
 * it cannot help it, and declares so) or rejects because of a status. It never validates its arguments: core has.
 */
export interface Transport {
  /** What errors, reports and `describe()` call it, such as `"undici"`. No code branches on it. */
  readonly name: string;
  /** What it can do, as a total record of facts; core refuses what is not there. */
  readonly capabilities: Capabilities;
  /**
   * The content codings that this transport's platform decodes. Use `webDecoders` of core where there is nothing
   * better; an empty record if {@link Capabilities.contentCoding} is `"decoded"`.
   */
  readonly decoders: ContentDecoders;
  /**
   * The content codings that this transport's platform encodes. Use `webEncoders` of core where there is nothing better;
   * core refuses `compress` with any other.
   */
  readonly encoders: ContentEncoders;
  /**
   * Performs one exchange. Resolves once, when the head of the final response has arrived; informational responses
   * (1xx) are told to `request.trace` and passed over. What is not sent of the content by then is not sent any more,
   * and the connection serves no other exchange.
   *
   * Rejects with an `HttpError` made by `httpError(code, …)` when there is no head. When `request.signal` fires before
   * that, it rejects with `signal.reason` itself, at once, and closes the connection it was using.
   *
   * It never throws synchronously, and nothing else of it ever rejects or emits an error.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** How many connections are open and unused, by origin; `null` where the platform keeps them and does not tell. */
  idle(): ReadonlyMap<string, number> | null;
  /**
   * Closes every idle connection now, and every other one when its exchange ends. Resolves when all sockets that this
   * transport opened are closed. What the user brought (a dispatcher, an agent, an instance) stays open. Idempotent.
   */
  close(): Promise<void>;
}

/** Field lines as they are on the wire, in order: name, value, name, value, … (RFC 9110 §5.2). */
export type FieldLines = readonly string[];

/** One request, as plain data. Everything in it has been checked by core. */
export interface TransportRequest {
  /** Case-sensitive method token (RFC 9110 §9.1). Never `CONNECT`. */
  readonly method: string;
  /** Where it goes, already split. */
  readonly target: Target;
  /**
   * All field lines to send, in this order, and no others, save what framing and routing need: the transport adds
   * `host` if it is absent, `content-length` or `transfer-encoding` (from {@link TransportRequest.body}), and `connection`.
   */
  readonly headers: FieldLines;
  /** The content; `null` for none. A body of zero bytes is sent as `content-length: 0`. */
  readonly body: TransportBody | null;
  /**
   * Whether `expect: 100-continue` is to be sent (RFC 9110 §10.1.1), which the transport writes as well. The content is
   * then a stream, and its first piece asked for only when the whole head is on its way: core holds it back from there.
   * Never `true` where the capability `expectContinue` is `"none"`.
   */
  readonly expectContinue: boolean;
  /** The sole means of cancellation until `send` has settled; after that it is `ResponseBody.cancel`. */
  readonly signal: ExchangeSignal;
  /** Where the transport tells how far it is. */
  readonly trace: ExchangeTrace;
}

/** Request content: bytes, a Blob (length known, re-readable), or a one-shot stream. */
export type TransportBody = Uint8Array<ArrayBuffer> | Blob | OutgoingStream;

/** One-shot request content. */
export interface OutgoingStream {
  /**
   * The pieces, pulled one at a time: the next is asked for when the connection can take it. When the transport stops
   * early, it calls the iterator's `return()`. If the source throws, the exchange fails with that very error.
   */
  readonly source: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Exact number of bytes, sent as `content-length`; `null`: unknown, sent chunked. Core holds the source to it. */
  readonly length: number | null;
}

/** A target URI (RFC 9110 §7.1), split once so that no transport parses it again. */
export interface Target {
  /** The whole URL without fragment and userinfo. */
  readonly href: string;
  readonly protocol: "http:" | "https:";
  /** `scheme://host[:port]`, the default port left out. Key of every pool. */
  readonly origin: string;
  /** `host[:port]`, as the `host` field wants it. */
  readonly host: string;
  /** Host without port; IPv6 without brackets. */
  readonly hostname: string;
  /** Always present: 80 or 443 by default. */
  readonly port: number;
  /** Path and query, as the request line wants it (origin-form). */
  readonly path: string;
  /** With its `#`; `""` for none. The caller's to know, and never sent. */
  readonly fragment: string;
}

/**
 * A cancellation signal that costs nothing until it fires: one slot for one listener. `toAbortSignal` of core makes a
 * platform `AbortSignal` of it for libraries that want one.
 */
export interface ExchangeSignal {
  readonly aborted: boolean;
  /** What to reject with. */
  readonly reason: unknown;
  /** Set by the transport, called at most once, synchronously. */
  onabort: ((reason: unknown) => void) | null;
}

/**
 * Progress of an exchange, told to core, which runs the clocks of it. A transport whose capability `connectTimeout` is
 * `"exact"` calls `connecting` (when it opens a connection for this exchange) and `connected` (always).
 */
export interface ExchangeTrace {
  /** A step was just done; `"connecting"`: a new connection begins. */
  mark(step: ExchangeStep): void;
  /** The exchange has got a connection that is ready for its request. */
  connected(connection: ConnectionInfo, reused: boolean): void;
  /**
   * Whether somebody wants to know how much of the request content is written. It does not change during an exchange,
   * and what it costs a platform to tell is to be spent only if it is `true`.
   */
  readonly watchesUpload: boolean;
  /**
   * So many bytes of request content, all told and without framing, has the connection taken; never fewer than before,
   * and all of them before `"sent"`. Called by transports whose capability `uploadProgress` is `"written"`, each time
   * that there are more, and only if {@link ExchangeTrace.watchesUpload}. Content that is no stream may be told of by
   * `"sent"` alone where core can send it as one, which it does then.
   */
  wrote(bytes: number): void;
  /**
   * Told of each informational response (RFC 9110 §15.2) but 101, where the capability `informational` is `"exposed"`.
   * `null`: nobody wants to know. Looked up once the request is under way.
   */
  readonly informational: ((status: number, headers: FieldLines) => void) | null;
}

/** Steps in order: connection begun, address found, TCP open, TLS done, request written whole. */
export type ExchangeStep = "connecting" | "resolved" | "opened" | "secured" | "sent";

/** Facts about a connection; one object for its whole life. `null` where the transport cannot know. */
export interface ConnectionInfo {
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  readonly localAddress: string | null;
  readonly localPort: number | null;
  /** `"TLSv1.3"` and the like; `null` without TLS or where it is unknown. */
  readonly tlsProtocol: string | null;
}

/** The head of one final response, and its content. */
export interface TransportResponse {
  readonly status: number;
  /** The reason phrase; `""` where there is none. */
  readonly statusText: string;
  /**
   * Field lines as they came: order, case and duplicates kept where `fieldLines` is `"raw"`. They may be made when they
   * are first asked for, as many calls never look.
   */
  readonly headers: FieldLines;
  /** `"1.0"`, `"1.1"`, `"2"`, `"3"`; `null` where the transport cannot know. */
  readonly httpVersion: string | null;
  /** The content. Present even if the response has none: then it ends at once. */
  readonly body: ResponseBody;
}

/**
 * Response content that is pushed, with back-pressure, into one receiver: no stream is made on the way. `Inlet` of
 * core implements it for libraries that push; `pullBody` for web streams.
 */
export interface ResponseBody {
  /** Starts the flow; core calls it once, in the same tick in which it sees the head. What came before comes first. */
  start(receiver: ContentReceiver): void;
  /** No more pieces, soon: what the library has in hand may still come. */
  pause(): void;
  resume(): void;
  /**
   * Gives up: the receiver hears nothing more, the connection is closed unless the content had already ended. Safe at
   * any time, any number of times, before `start` as well.
   */
  cancel(): void;
}

/** Takes response content. Exactly one of `end` and `fail` is called, once, after the last `data`. */
export interface ContentReceiver {
  /**
   * One piece; the receiver owns the memory from now on. Never empty, unless `responseStreaming` is `"whole"`: an empty
   * one then tells that content flows, for the clock.
   */
  data(piece: Uint8Array<ArrayBuffer>): void;
  /**
   * The content is complete by HTTP's own framing and the connection is free.
   * @param trailers Trailer fields; `null` where the transport cannot know them, which is not the same as none.
   */
  end(trailers: FieldLines | null): void;
  /** The content broke off or its framing is wrong. `error` is an `HttpError`. */
  fail(error: unknown): void;
}
