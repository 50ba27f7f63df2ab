/*
 * The phases of an exchange and their clocks: what the transport tells moves it from one to the next, and a phase that
 * lasts too long ends it. What happens in a phase is not its business.
 */

import { arm, type Deadline, now } from "./clock.ts";
import { bodyLength } from "./content/body.ts";
import type { RequestSent } from "./error-codes.ts";
import { attribute, type HttpError } from "./errors.ts";
import { HttpHeaders } from "./headers.ts";
import type { HttpRequest } from "./request.ts";
import { timeoutError } from "./timeout.ts";
import { ExchangeTimes } from "./timings.ts";
import { HeldContent, type HoldClock } from "./content/held.ts";
import type { Tally, WriteClock } from "./content/watched.ts";
import type { Meter } from "./progress/progress.ts";
import type { TraceFacts } from "./trace.ts";
import type {
  ConnectionInfo,
  ExchangeStep,
  ExchangeTrace,
  TransportBody,
  TransportResponse,
} from "./transport.ts";

/** Where an exchange is. */
export type ExchangePhase = "queue" | "connect" | "write" | "response" | "read";

/** @internal */
export abstract class ExchangePhases implements ExchangeTrace, Deadline, WriteClock, HoldClock {
  at: number = Infinity;
  slot = -1;
  phase: ExchangePhase = "queue";
  readonly request: HttpRequest;
  readonly times: ExchangeTimes;
  connection: ConnectionInfo | null = null;
  reused: boolean | null = null;
  informational: ExchangeTrace["informational"] = null;
  expectContinue = false;
  /** Content that waits for the server to ask for it. */
  protected held: HeldContent | null = null;
  /** The head has come, or it never will: no clock of this object runs any more. */
  protected settled = false;
  /** Whether the request is under way a second time. */
  protected resent = false;
  /** Tells whoever traces the call; `null` if nobody does. */
  protected readonly tell: ((facts: TraceFacts) => void) | null;
  /** Why it, or its content, broke off. */
  failure: HttpError | null = null;
  watchesUpload: boolean = false;
  #queued = false;
  readonly #merged: boolean;
  #limit = 0;
  /** How often a piece of content has been asked for, and whether its source owes the last one. */
  #asked = 0;
  #owed = false;
  #asks = true;
  /** What the encoder of the content was given. */
  tally: Tally | null = null;
  /** Who tells how much of the content is sent, if anybody listens; bytes handed over, and whether that was all. */
  upload: Meter | null = null;
  #handed = 0;
  #exhausted = false;

  constructor(
    request: HttpRequest,
    called: number,
    merged: boolean,
    tell: ((facts: TraceFacts) => void) | null,
  ) {
    this.request = request;
    this.tell = tell;
    this.times = new ExchangeTimes(called);
    this.#merged = merged;
  }

  abstract cancel(error: HttpError): void;

  /** Whether the origin can have seen the request so far. */
  get requestSent(): RequestSent {
    if (this.phase === "read") return "yes";
    return !this.resent && (this.phase === "queue" || this.phase === "connect") ? "no" : "maybe";
  }

  /** Before the transport has told anything: one that cannot see connecting may be writing already. */
  protected begin(): void {
    this.phase = this.#merged ? "write" : "connect";
    this.at = Infinity;
    this.#asked = 0;
    this.#owed = false;
    this.uploadOver(false);
    this.tally = null;
    this.#handed = 0;
    this.#exhausted = false;
  }

  /** Enters a phase that may last for `limit` ms. */
  protected wait(phase: ExchangePhase, limit: number, since: number = now()): void {
    this.phase = phase;
    this.#limit = limit;
    this.at = since + limit;
    if (limit < Infinity) arm(this);
  }

  /** Waits for its turn, whatever stands before it: for all of that there is one time, from when it began to wait. */
  protected queueUp(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.wait("queue", this.request.settings.timeout.queue);
    this.tell?.({ type: "queued" });
  }

  protected tellEnd(bytes: number, complete: boolean): void {
    this.tell?.({ type: "exchange-end", bytes, complete, error: this.failure });
  }

  // Of the content that is received.

  pieceCame(bytes: number): void {
    this.tell?.({ type: "piece", bytes });
  }

  contentError(error: unknown): HttpError {
    return (this.failure = attribute(error, this.request));
  }

  // ExchangeTrace

  mark(step: ExchangeStep): void {
    const time = this.times.mark(step);
    this.tell?.({ type: step });
    if (step === "sent") this.uploadOver(true);
    if (this.settled) return;
    const { connect, write, response } = this.request.settings.timeout;
    if (step === "connecting") this.wait("connect", connect, time);
    else if (step === "sent") {
      // What cannot be told apart has the time of all.
      const unseen = connect + (this.request.content && write < Infinity ? write : 0);
      this.wait("response", this.#merged ? unseen + response : response, time);
    }
  }

  connected(connection: ConnectionInfo, reused: boolean): void {
    this.connection = connection;
    this.reused = reused;
    const time = (this.times.connected = now());
    this.tell?.({ type: "connected", reused, connection });
    if (this.settled) return;
    const { content, settings } = this.request;
    // Content may be asked for before there is a connection.
    this.wait("write", content && !this.#owed ? settings.timeout.write : Infinity, time);
  }

  wrote(bytes: number): void {
    this.upload?.update(bytes, this.tally?.bytes ?? bytes);
  }

  /** The content is sent, or never will be. What was handed over whole, a response answers whole. */
  protected uploadOver(sent: boolean): void {
    const { upload } = this;
    if (!upload) return;
    this.upload = null;
    const complete = sent || this.#exhausted;
    if (complete) {
      const all = this.#exhausted ? this.#handed : (upload.total ?? this.#handed);
      upload.update(all, this.tally?.bytes ?? all);
    }
    upload.end(complete);
  }

  // WriteClock

  pieceHandedOver(bytes: number): void {
    this.#owed = false;
    this.#handed += bytes;
    if (bytes === 0) this.#exhausted = true;
    // It may be told after all of it was sent.
    if (this.settled || this.phase !== "write") return;
    const { connect, write } = this.request.settings.timeout;
    // Where connecting cannot be seen, the first piece may have to wait for it.
    this.wait("write", this.#merged && this.#asked < 2 ? connect + write : write);
  }

  pieceAskedFor(): void {
    this.#asked++;
    this.#owed = true;
    if (!this.watchesUpload) this.wrote(this.#handed);
    if (this.phase === "write") this.at = Infinity;
  }

  // HoldClock

  holding(): void {
    if (!this.settled) this.wait("response", this.request.settings.timeout.response);
  }

  released(): void {
    if (this.settled) return;
    this.phase = "write";
    this.at = Infinity;
  }

  /** Content to be sent, held back if the server is asked first; and whoever wants to know of what it says meanwhile. */
  protected ask(body: TransportBody | null): TransportBody | null {
    const wait = this.request.settings.expectContinue;
    this.held =
      wait > 0 && this.#asks && bodyLength(body) !== 0
        ? new HeldContent(body as TransportBody, wait, this)
        : null;
    this.expectContinue = this.held !== null;
    if (this.held || this.tell) {
      this.informational = (status, lines) => {
        this.tell?.({ type: "informational", status, headers: HttpHeaders.over([...lines]) });
        if (status === 100) this.held?.release();
      };
    }
    return this.held ?? body;
  }

  /** The final response is there. Whether it only says that the server does not heed `expect` (RFC 9110 §10.1.1). */
  protected isUnheeded({ status, body }: TransportResponse): boolean {
    this.held?.close();
    if (status !== 417 || !this.held || !this.request.content?.replayable) return false;
    this.#asks = false;
    body.cancel();
    return true;
  }

  // Deadline

  expire(time: number): void {
    if (this.settled) return;
    this.cancel(this.timedOut(this.#limit, time - this.at + this.#limit));
  }

  /** The error of the phase that has lasted too long. */
  protected timedOut(limit: number, elapsed: number): HttpError {
    return attribute(timeoutError(this.phase, limit, elapsed, this.requestSent), this.request);
  }
}
