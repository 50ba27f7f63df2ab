/* What users call. Composes the ladder around each exchange; owns no rule of HTTP itself. */

import { Call } from "./call.ts";
import type { Capabilities } from "./capabilities.ts";
import { Engine } from "./engine.ts";
import { attribute, type HttpError, invalid, sessionClosed } from "./errors.ts";
import { checkRequestFields } from "./http/request-fields.ts";
import { Targets } from "./http/target.ts";
import { Limits, type QueueStats } from "./limits/limits.ts";
import { RateLimiter } from "./limits/rate-limiter.ts";
import type { ExtendOptions, RequestOptions, SessionOptions } from "./options/options.ts";
import {
  defaultSettings,
  forExtending,
  forSessions,
  laid,
  type SessionSettings,
} from "./options/settings.ts";
import { quiet, retrace } from "./quiet.ts";
import { redactText } from "./redact.ts";
import { boundAuth, transportOf, noOptions, ownFields, prepare } from "./prepare.ts";
import { emptyRecord } from "./record.ts";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { ResponsePromise } from "./response-promise.ts";

/** Numbers of one origin, or of the whole session. */
export interface ConnectionStats extends QueueStats {
  /** Connections that are open and unused; `null` where the transport cannot know. */
  readonly idle: number | null;
}

/** Numbers of a session, as of now. */
export interface SessionStats extends ConnectionStats {
  /** By origin, those that have any. */
  readonly origins: Readonly<Record<string, ConnectionStats>>;
}

/**
 * Calls with common defaults over one transport. Close it when done: with `await using`, or `close()`.
 *
 * Errors are of one closed tree (`HttpError`), the same on every transport; see `errors.ts`.
 */
export class Session implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #settings: SessionSettings;
  readonly #parent: Session | undefined;
  readonly #targets: Targets;
  readonly #limiter: RateLimiter | null;
  #closed = false;

  /** @throws InvalidRequestError for an option that is unknown or wrong. */
  constructor(options: SessionOptions);
  /** @internal What `extend` calls. */
  constructor(options: ExtendOptions, parent: Session);
  constructor(options: ExtendOptions & Partial<SessionOptions>, parent?: Session) {
    this.#parent = parent;
    if (parent) {
      this.#engine = parent.#engine;
      this.#settings = laid(forExtending, parent.#settings, options);
    } else {
      const transport = transportOf(options);
      this.#settings = laid(
        forSessions,
        { ...defaultSettings, transport, ...ownFields(transport) },
        options,
      );
      this.#engine = new Engine(transport, new Limits(this.#settings.limits));
    }
    checkRequestFields(this.#settings.headers);
    this.#settings = boundAuth(this.#settings);
    const { rateLimit } = this.#settings;
    this.#limiter =
      parent && parent.#settings.rateLimit === rateLimit
        ? parent.#limiter
        : rateLimit && new RateLimiter(rateLimit, this.#engine.limits);
    this.#targets = new Targets(this.#settings.baseUrl?.href);
  }

  /** Calls `url` (absolute, or relative to `baseUrl`) with any method. @returns a promise that also has the readers. */
  request(method: string, url: string | URL, options: RequestOptions = noOptions): ResponsePromise {
    let request: HttpRequest;
    try {
      this.#checkOpen();
      request = prepare(this.#settings, this.#targets, method, url, options);
    } catch (error) {
      const failed = { method: redactText(named(method)), url: this.#whole(url) };
      const failure = retrace(attribute(error, failed, unreadable));
      return new ResponsePromise(quiet(Promise.reject(failure)), null, null);
    }
    return new ResponsePromise(this.run(request), this, request);
  }

  get(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("GET", url, options);
  }

  head(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("HEAD", url, options);
  }

  options(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("OPTIONS", url, options);
  }

  post(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("POST", url, options);
  }

  put(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("PUT", url, options);
  }

  patch(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("PATCH", url, options);
  }

  delete(url: string | URL, options?: RequestOptions): ResponsePromise {
    return this.request("DELETE", url, options);
  }

  /**
   * A session on the same transport and slots, with these defaults over this one's: headers and params replace those of
   * the same name, `timeout`, `redirect` and `context` merge field by field, middleware is added inside, the rest
   * replaces. Closing it stops its own calls only; closing this one closes the transport.
   */
  extend(options: ExtendOptions): Session {
    return new Session(options, this);
  }

  /** What the transport can do and cannot. */
  get capabilities(): Capabilities {
    return this.#engine.transport.capabilities;
  }

  /** Exchanges under way, calls that wait, and idle connections, in all sessions that share them. */
  get stats(): SessionStats {
    const { limits, transport } = this.#engine;
    return withIdle(limits.stats, transport.idle());
  }

  /** What stands around an exchange, outermost first, and the transport at the end. */
  describe(): string {
    const { throwHttpErrors, redirect, retry, middleware, cookies, auth, rateLimit, throttle } =
      this.#settings;
    const namesIn = (scope: string): string[] =>
      middleware.filter((step) => step.scope === scope).map(({ name }) => name);
    const steps = [
      throwHttpErrors && "rejectOnStatus",
      ...namesIn("call"),
      redirect.follow && `redirect(max ${redirect.max})`,
      retry.attempts > 1 && `retry(${retry.attempts} attempts)`,
      ...namesIn("attempt"),
      cookies.jar && "cookies",
      auth && `${auth.by.name}(${auth.origin})`,
      rateLimit && `rateLimit(${rateLimit.requests} in ${rateLimit.interval} ms)`,
      throttle && "throttle",
      "exchange",
    ];
    return `${steps.filter(Boolean).join(" → ")} → ${this.#engine.transport.name}`;
  }

  /**
   * Takes no more calls, lets those under way and queued end, gives up content that nobody has begun to read, then
   * closes the transport and all connections. Idempotent.
   * @param options `force`: calls under way reject with `SessionClosedError` at once.
   */
  close(options: { readonly force?: boolean } = {}): Promise<void> {
    this.#closed = true;
    return this.#parent ? Promise.resolve() : this.#engine.close(options.force === true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal What ends each wait of a caller between calls. */
  get pauses(): Set<() => void> {
    return this.#engine.pauses;
  }

  #checkOpen(): void {
    if (this.#closed || this.#engine.closing) throw sessionClosed("the session is closed");
  }

  /** @internal Makes a call that has been prepared; more than once, for events. */
  run(request: HttpRequest): Promise<HttpResponse> {
    const { trace, middleware, onLeak } = this.#settings;
    try {
      this.#checkOpen();
    } catch (error) {
      return quiet(Promise.reject(attribute(error, request)));
    }
    const call = new Call(this.#engine, request, this.#limiter, trace);
    if (onLeak) call.watchForLeaks(onLeak);
    return call.run(middleware);
  }

  /** The URL of a call that failed before it had a target, as whole as it can be made. */
  #whole(url: unknown): string {
    const base = this.#settings.baseUrl?.href;
    const text = named(url);
    return base && URL.canParse(text, base) ? new URL(text, base).href : text;
  }
}

function withIdle(
  { active, queued, origins }: Limits["stats"],
  connections: ReadonlyMap<string, number> | null,
): SessionStats {
  const stats = emptyRecord<ConnectionStats>();
  let total = 0;
  for (const [origin, idle] of connections ?? []) {
    total += idle;
    stats[origin] = { active: 0, queued: 0, idle };
  }
  for (const origin in origins) {
    const idle = connections && (stats[origin]?.idle ?? 0);
    stats[origin] = { ...(origins[origin] as QueueStats), idle };
  }
  return { active, queued, idle: connections && total, origins: stats };
}

function unreadable(cause: unknown): HttpError {
  return invalid("OPTION", "the options cannot be read", "See cause.", cause);
}

/** What a caller passed as method or URL, whatever it is. */
function named(value: unknown): string {
  return typeof value === "string" || value instanceof URL ? String(value) : `(${typeof value})`;
}
