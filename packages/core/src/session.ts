/* What users call. Composes the ladder around each exchange; owns no rule of HTTP itself. */

import { Call } from "./call.ts";
import { requestContent, type RequestContent } from "./content/request-content.ts";
import { Engine } from "./engine.ts";
import { attribute, type HttpError, invalid, sessionClosed } from "./errors.ts";
import { checkRequestFields, portableFields } from "./http/request-fields.ts";
import { Targets } from "./http/target.ts";
import { Limits, type QueueStats } from "./limits/limits.ts";
import type { ExtendOptions, RequestOptions, SessionOptions } from "./options/options.ts";
import { invalidOption } from "./options/rules.ts";
import {
  defaultSettings,
  forCalls,
  forExtending,
  forSessions,
  laid,
  type SessionSettings,
  type Settings,
} from "./options/settings.ts";
import { quiet, retrace } from "./quiet.ts";
import { checkMethod, HttpRequest, withContentType, withIdempotencyKey } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { ResponsePromise } from "./response-promise.ts";
import type { FieldLines, Target, Transport } from "./transport.ts";

/** Numbers of a session, as of now. */
export interface SessionStats extends QueueStats {
  /** By origin, those that have any. */
  readonly origins: Readonly<Record<string, QueueStats>>;
}

const noOptions: RequestOptions = Object.freeze({});

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
      const transport = checkTransport(options?.transport);
      this.#settings = laid(
        forSessions,
        { ...defaultSettings, transport, ...ownFields(transport) },
        options,
      );
      this.#engine = new Engine(transport, new Limits(this.#settings.limits));
    }
    checkRequestFields(this.#settings.headers);
    this.#settings = boundAuth(this.#settings);
    this.#targets = new Targets(this.#settings.baseUrl?.href);
  }

  /** Calls `url` (absolute, or relative to `baseUrl`) with any method. @returns a promise that also has the readers. */
  request(method: string, url: string | URL, options: RequestOptions = noOptions): ResponsePromise {
    return new ResponsePromise(this.#call(method, url, options));
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

  /** Exchanges under way and calls that wait, in all sessions that share the slots. */
  get stats(): SessionStats {
    return this.#engine.limits.stats;
  }

  /** What stands around an exchange, outermost first, and the transport at the end. */
  describe(): string {
    const { throwHttpErrors, redirect, retry, middleware, cookies, auth } = this.#settings;
    const named = (scope: string): string[] =>
      middleware.filter((step) => step.scope === scope).map(({ name }) => name);
    const steps = [
      throwHttpErrors && "rejectOnStatus",
      ...named("call"),
      redirect.follow && `redirect(max ${redirect.max})`,
      retry.attempts > 1 && `retry(${retry.attempts} attempts)`,
      ...named("attempt"),
      cookies.jar && "cookies",
      auth && `${auth.by.name}(${auth.origin})`,
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

  #call(method: string, url: string | URL, options: RequestOptions): Promise<HttpResponse> {
    let request: HttpRequest;
    try {
      request = this.#prepare(method, url, options);
    } catch (error) {
      const failed = { method: named(method), url: this.#whole(url) };
      return quiet(Promise.reject(retrace(attribute(error, failed, unreadable))));
    }
    const { trace, middleware, onLeak } = this.#settings;
    const call = new Call(this.#engine, request, trace);
    if (onLeak) call.watchForLeaks(onLeak);
    return call.run(middleware);
  }

  /** The URL of a call that failed before it had a target, as whole as it can be made. */
  #whole(url: unknown): string {
    const base = this.#settings.baseUrl?.href;
    const text = named(url);
    return base && URL.canParse(text, base) ? new URL(text, base).href : text;
  }

  /** Everything that can be wrong with a call is found here, before anything is sent. */
  #prepare(method: string, url: string | URL, options: RequestOptions): HttpRequest {
    if (this.#closed || this.#engine.closing) throw sessionClosed("the session is closed");
    const session = this.#settings;
    const checkedMethod = checkMethod(method);
    let target = this.#targets.get(url);
    const home = session.baseUrl?.origin;
    const foreign = home !== undefined && target.origin !== home;
    if (foreign && !session.allowOtherOrigins) {
      throw invalid(
        "URL",
        `the URL leads from baseUrl ${home} to another origin`,
        "Set allowOtherOrigins, or use a session without baseUrl.",
      );
    }
    let settings: Settings = foreign
      ? { ...session, headers: portableFields(session.headers), params: null }
      : session;
    let content: RequestContent | null = null;
    if (options !== noOptions) {
      settings = laid(forCalls, settings, options);
      content = requestContent(options);
    }
    if (settings.params) target = withParams(target, settings.params);
    let lines = settings.headers;
    if (lines !== session.headers) checkRequestFields(lines);
    if (settings.retry.idempotencyKey) lines = withIdempotencyKey(checkedMethod, lines);
    return new HttpRequest(
      checkedMethod,
      target,
      withContentType(lines, content),
      content,
      settings,
    );
  }
}

/** Credentials of a session have an origin, or there is no telling whom they would reach. */
function boundAuth(settings: SessionSettings): SessionSettings {
  const { auth, baseUrl } = settings;
  if (!auth || auth.origin !== null) return settings;
  if (baseUrl) return { ...settings, auth: { ...auth, origin: baseUrl.origin } };
  throw invalid(
    "OPTION",
    "the option auth has no origin that it is for",
    "Set baseUrl, give the authentication an origin of its own, or pass auth with each call.",
  );
}

function unreadable(cause: unknown): HttpError {
  return invalid("OPTION", "the options cannot be read", "See cause.", cause);
}

/** What a caller passed as method or URL, whatever it is. */
function named(value: unknown): string {
  return typeof value === "string" || value instanceof URL ? String(value) : `(${typeof value})`;
}

function withParams(target: Target, params: URLSearchParams): Target {
  const added = params.toString();
  if (added === "") return target;
  const mark = target.path.includes("?") ? (/[?&]$/.test(target.path) ? "" : "&") : "?";
  return {
    ...target,
    href: `${target.href}${mark}${added}`,
    path: `${target.path}${mark}${added}`,
  };
}

/** What every request says unless the caller says otherwise; browsers say it themselves. */
function ownFields({ capabilities, decoders }: Transport): {
  readonly headers: FieldLines;
  readonly codings: string;
} {
  if (capabilities.forbiddenFields === "fetch") return { headers: ["accept", "*/*"], codings: "" };
  const codings = capabilities.contentCoding === "raw" ? Object.keys(decoders).join(", ") : "";
  const own = ["accept", "*/*", "user-agent", "anyhttp"];
  return { headers: codings === "" ? own : [...own, "accept-encoding", codings], codings };
}

function checkTransport(transport: Transport | undefined): Transport {
  if (typeof transport?.send === "function" && typeof transport.capabilities === "object")
    return transport;
  throw invalidOption(
    "transport",
    transport,
    "Pass one made by a factory, such as undiciTransport().",
  );
}
