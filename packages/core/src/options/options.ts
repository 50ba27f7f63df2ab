/* What may be said to a session and to a call. Each option has one name, one place and one default. */

import type { Auth } from "../auth/auth.ts";
import type { ContentOptions } from "../content/request-content.ts";
import type { CompressCoding } from "../content/encoder.ts";
import type { FormInput } from "../content/form.ts";
import type { Context } from "../context.ts";
import type { CookieJar } from "../cookies/cookie-jar.ts";
import type { HeadersInput } from "../headers.ts";
import type { RateLimitOptions } from "../limits/rate-limit.ts";
import type { ThrottleOptions } from "../limits/throttle.ts";
import type { Middleware } from "../middleware/middleware.ts";
import type { ResponseLeak } from "../leaks.ts";
import type { ProgressListener } from "../progress/progress.ts";
import type { RetryOptions } from "../retry/policy.ts";
import type { TimeoutInput } from "../timeout.ts";
import type { Tracer } from "../trace.ts";
import type { Transport } from "../transport.ts";

/** How redirects are followed. `redirect: false` means `{ follow: false }`. */
export interface RedirectOptions {
  /** Whether they are; `false` gives the 3xx response to the caller. Default: `true`. */
  readonly follow?: boolean | undefined;
  /** How many in a row; `false`: any number. One more is a `RedirectError`. Default: 10. */
  readonly max?: number | false | undefined;
  /** Whether https may lead to http. Default: `false`. */
  readonly allowDowngrade?: boolean | undefined;
  /**
   * Names of your own header fields that may follow to another origin, beside those that say nothing of you (`accept`,
   * `user-agent`, `content-type` …). Default: none. A call's list replaces its session's. `authorization` and `cookie`
   * named here go to whatever origin the server names: do not, unless that is what you want. `host` cannot be named.
   */
  readonly forward?: readonly string[] | undefined;
}

/** What sessions and calls have in common: on a session it is a default. */
export interface CommonOptions {
  /**
   * Query parameters, added to those of the URL. A call's replace those of the same name in its session's; arrays
   * repeat.
   */
  readonly params?: FormInput | undefined;
  /** Header fields (RFC 9110 §5). A call's replace those of the same name; `null` in a record removes one. */
  readonly headers?: HeadersInput | undefined;
  /** Limits in milliseconds; a number means `total`, `false` that it has none. Merged field by field. */
  readonly timeout?: TimeoutInput | undefined;
  /** How redirects are followed (RFC 9110 §15.4); merged field by field. `false`: none is. Default: `true`. */
  readonly redirect?: boolean | RedirectOptions | undefined;
  /**
   * When a request is sent again after a failure, and how often: `attempts` begins it. Merged field by field. Without it
   * an idempotent request is sent once more, at once, if its connection turned out dead; `false` switches that off too.
   */
  readonly retry?: RetryOptions | false | undefined;
  /** Who goes first of those that wait for a slot or for the rate limit: the higher number. Default: 0. */
  readonly priority?: number | undefined;
  /** How fast content may go. A call keeps the session's pace as well as its own; `false`: any pace. Default: any. */
  readonly throttle?: ThrottleOptions | false | undefined;
  /**
   * Authenticates requests: `basic()`, `bearer()`, `digest()`, `tokenRefresh()`. A session's goes to the origin of its
   * `baseUrl` alone, or to the one that it names itself; a call's to the origin that is called. `false`: none. Default:
   * none.
   */
  readonly auth?: Auth | false | undefined;
  /** Whether a status of 400 or above rejects with `StatusError`. Default: `true`. */
  readonly throwHttpErrors?: boolean | undefined;
  /** How much content of an error response a `StatusError` keeps, in bytes; `false`: all. Default: 1 MiB. */
  readonly errorContentLimit?: number | false | undefined;
  /**
   * Most bytes of response content, decoded; more is a `ContentError`. Default: 256 MiB for content that is read whole,
   * none for content that is streamed. `false`: none at all.
   */
  readonly maxResponseSize?: number | false | undefined;
  /** `false`: content codings (RFC 9110 §8.4.1) are neither asked for nor undone. Default: `true`. */
  readonly decompress?: boolean | undefined;
  /**
   * Requests with content ask first whether it is wanted (`expect: 100-continue`, RFC 9110 §10.1.1), and hold it back
   * until the server says so, answers otherwise, or so many milliseconds are over; `true`: 1000. After 417 they are sent
   * once more without asking, if their content allows it. Default: `false`.
   */
  readonly expectContinue?: boolean | number | undefined;
  /**
   * The content coding that request content is sent in (RFC 9110 §8.4.1); servers that take it have to be known. Content
   * of up to 1 MiB goes with the length that it then has, more is encoded as it is sent. Requests without content, and
   * those whose own headers have `content-encoding` or `content-length`, are sent as they are. Default: `false`.
   */
  readonly compress?: CompressCoding | false | undefined;
  /** Is told how much of the request content is sent. `false`: nobody is. Default: nobody. */
  readonly onUploadProgress?: ProgressListener | false | undefined;
  /** Is told how much of the response content has come, once somebody reads it. `false`: nobody is. Default: nobody. */
  readonly onDownloadProgress?: ProgressListener | false | undefined;
  /** Anything for middleware to see; never sent. Merged key by key. Default: nothing. */
  readonly context?: Context | undefined;
}

/** Options of one call. */
export interface RequestOptions extends CommonOptions, ContentOptions {
  /** Aborts the call in any phase, its content included, with an `AbortError` whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Cookies of this call alone, beside those of the session's jar, and instead of those of the same name. They go to
   * the origin that is called, not where a redirect leads. `false`: neither these nor those of the jar.
   */
  readonly cookies?: Readonly<Record<string, string>> | false | undefined;
  /**
   * Digests of the content, decoded, as in HTML: `sha256-… sha512-…`. One of the strongest algorithm must fit, or every
   * reader fails with `ERR_CONTENT_INTEGRITY`; nothing is handed over before all of it has come. Default: none.
   */
  readonly integrity?: string | undefined;
}

/** How many exchanges run at once. An exchange holds its slot until its content has ended or been given up. */
export interface LimitOptions {
  /** In the whole session; `false`: any number. Default: 1000. */
  readonly concurrency?: number | false | undefined;
  /** With one origin (scheme, host, port); `false`: any number. Default: 100. */
  readonly perOrigin?: number | false | undefined;
  /** How many may wait; one more is refused with `QueueFullError`. `false`: any number. Default: any number. */
  readonly queue?: number | false | undefined;
}

/** What `extend` takes: defaults laid over those of the session. */
export interface ExtendOptions extends CommonOptions {
  /**
   * What relative URLs are resolved against: a folder, whether or not it ends in a slash. Absolute, http or https,
   * without query. Default: none, so that calls need absolute URLs.
   */
  readonly baseUrl?: string | URL | undefined;
  /**
   * With a `baseUrl`, whether absolute URLs may lead to another origin. What belongs to the base does not go there:
   * params of the session, and its headers that are not on the safe list. Default: `false`.
   */
  readonly allowOtherOrigins?: boolean | undefined;
  /** Called around each call or attempt, outermost first; inside those of the session that is extended. Default: none. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Keeps cookies between calls: `cookieJar()` of `@anyhttp/cookies`. `false`: nobody does. Default: nobody. */
  readonly cookies?: CookieJar | false | undefined;
  /** How many requests are sent in a time. `false`: as many as `limits` let pass. Default: as many. */
  readonly rateLimit?: RateLimitOptions | false | undefined;
  /** Is told what happens in each call while it happens. `false`: nobody is. Default: nobody. */
  readonly trace?: Tracer | false | undefined;
  /**
   * Is told of each response that was dropped with its content unread, and so held its slot until the garbage
   * collector came by; the content is then given up. Costs a stack trace for each call: for development. `false`: nobody is.
   * Default: nobody.
   */
  readonly onLeak?: ((leak: ResponseLeak) => void) | false | undefined;
}

/** Options of a session. */
export interface SessionOptions extends ExtendOptions {
  /** What carries the bytes: `undiciTransport()` and the like. The session closes it when it closes. */
  readonly transport: Transport;
  /** How many exchanges run at once, and how many wait, in this session and all that are extended from it. */
  readonly limits?: LimitOptions | undefined;
}
