/* Options as they hold: each with its default, and the rule by which it is checked and merged. */

import type { Auth } from "../auth/auth.ts";
import type { Context } from "../context.ts";
import { cookieField } from "../cookies/cookie-field.ts";
import { compressRule } from "../content/encoded.ts";
import type { CompressCoding } from "../content/encoder.ts";
import type { CookieJar } from "../cookies/cookie-jar.ts";
import { type FormInput, mergeParams } from "../content/form.ts";
import { type Integrity, integrityRule } from "../content/integrity.ts";
import { fieldValues, type HeadersInput, mergeHeaders, withoutField } from "../headers.ts";
import { isToken } from "../http/field.ts";
import { parseBase } from "../http/target.ts";
import { defaultLimits, type LimitSettings, limitsRule } from "../limits/limits.ts";
import { LeakDetector, type ResponseLeak } from "../leaks.ts";
import { type RateLimitSettings, rateLimitRule } from "../limits/rate-limit.ts";
import { type Throttle, throttleRule } from "../limits/throttle.ts";
import { middlewareRule, type MiddlewareStep } from "../middleware/middleware.ts";
import { listenerRule, type ProgressListener } from "../progress/progress.ts";
import { defaultRetry, type RetryPolicy, retryRule } from "../retry/policy.ts";
import { ignore } from "../quiet.ts";
import type { Tracer } from "../trace.ts";
import { defaultTimeouts, timeoutRule, type Timeouts } from "../timeout.ts";
import { emptyRecord } from "../record.ts";
import type { FieldLines, Target, Transport } from "../transport.ts";
import type { RedirectOptions, RequestOptions } from "./options.ts";
import {
  callable,
  count,
  flag,
  invalidOption,
  lay,
  listOf,
  record,
  type Rule,
  type Rules,
} from "./rules.ts";

/** How redirects are followed, as it holds. `max`: `Infinity` for no limit. */
type Redirecting = {
  readonly [K in keyof RedirectOptions]-?: K extends "max"
    ? number
    : NonNullable<RedirectOptions[K]>;
};

/** Every common option with its value. */
export interface Settings {
  readonly params: URLSearchParams | null;
  readonly headers: FieldLines;
  readonly timeout: Timeouts;
  readonly redirect: Redirecting;
  readonly retry: RetryPolicy;
  readonly priority: number;
  readonly throttle: Throttle | null;
  /** Bound to an origin; `null`: to that of the call. */
  readonly auth: { readonly by: Auth; readonly origin: string | null } | null;
  /** `own`: what the call adds, as the `cookie` field has it. */
  readonly cookies: { readonly jar: CookieJar | null; readonly own: string };
  readonly throwHttpErrors: boolean;
  readonly errorContentLimit: number;
  /** `null`: the defaults, which differ for whole and streamed content. */
  readonly maxResponseSize: number | null;
  readonly decompress: boolean;
  /** How long content is held back, in ms; 0: not at all. */
  readonly expectContinue: number;
  /** A call's only. */
  readonly integrity?: Integrity | undefined;
  readonly compress: CompressCoding | null;
  readonly onUploadProgress: ProgressListener | null;
  readonly onDownloadProgress: ProgressListener | null;
  readonly context: Context;
  /** What `accept-encoding` says by itself while `decompress` holds; `""` where the platform says it. */
  readonly codings: string;
  /** A call's only. */
  readonly signal?: AbortSignal | undefined;
}

/** A session's defaults. */
export interface SessionSettings extends Settings {
  readonly baseUrl: Target | null;
  readonly allowOtherOrigins: boolean;
  readonly middleware: readonly MiddlewareStep[];
  readonly rateLimit: RateLimitSettings | null;
  readonly trace: Tracer | null;
  readonly onLeak: LeakDetector | null;
  readonly transport: Transport;
  readonly limits: LimitSettings;
}

const noCookies = { jar: null, own: "" };

/** What holds where nobody says otherwise. */
export const defaultSettings: Omit<SessionSettings, "transport"> = {
  params: null,
  headers: [],
  timeout: defaultTimeouts,
  redirect: { follow: true, max: 10, allowDowngrade: false, forward: [] },
  retry: defaultRetry,
  priority: 0,
  throttle: null,
  auth: null,
  cookies: noCookies,
  throwHttpErrors: true,
  errorContentLimit: 1_048_576,
  maxResponseSize: null,
  decompress: true,
  expectContinue: 0,
  compress: null,
  onUploadProgress: null,
  onDownloadProgress: null,
  context: Object.freeze(emptyRecord<unknown>()),
  codings: "",
  signal: undefined,
  integrity: undefined,
  baseUrl: null,
  allowOtherOrigins: false,
  middleware: [],
  rateLimit: null,
  trace: null,
  onLeak: null,
  limits: defaultLimits,
};

const common: Rules<Omit<Settings, "codings" | "signal" | "cookies" | "integrity">> = {
  params: (value, base) => mergeParams(base, value as FormInput),
  headers: (value, base) => mergeHeaders(base, value as HeadersInput),
  timeout: timeoutRule,
  redirect: record<Settings["redirect"]>(
    {
      follow: flag,
      max: count(0),
      allowDowngrade: flag,
      forward: (value, base, option) =>
        // `host` is the other origin's own.
        listOf("header names other than host", isPortableName)(value, base, option).map((name) =>
          name.toLowerCase(),
        ),
    },
    "follow",
  ),
  retry: retryRule,
  auth(value, _base, option) {
    if (value === false) return null;
    const by = value as Auth | null;
    if (typeof by?.authorize === "function" && typeof by.answered === "function")
      return { by, origin: by.origin };
    throw invalidOption(
      option,
      value,
      "Pass basic(…), bearer(…), digest(…) or tokenRefresh(…), or false.",
    );
  },
  priority(value, _base, option) {
    if (Number.isFinite(value)) return value as number;
    throw invalidOption(option, value, "Pass a number; higher goes first.");
  },
  throttle: throttleRule,
  throwHttpErrors: flag,
  errorContentLimit: count(0),
  maxResponseSize: count(0) as Rule<number | null>,
  decompress: flag,
  expectContinue(value, _base, option) {
    if (typeof value === "boolean") return value ? 1_000 : 0;
    if (typeof value === "number" && value > 0) return value;
    throw invalidOption(option, value, "Pass true, false or milliseconds above 0.");
  },
  compress: compressRule,
  onUploadProgress: listenerRule,
  onDownloadProgress: listenerRule,
  context(value, base, option) {
    if (typeof value !== "object" || value === null)
      throw invalidOption(option, value, "Pass a record.");
    return Object.freeze(Object.assign(emptyRecord<unknown>(), base, value));
  },
};

function isPortableName(value: unknown): value is string {
  return typeof value === "string" && isToken(value) && !/^host$/i.test(value);
}

/** The options of a call. */
export const forCalls: Rules<
  Omit<Settings, "codings"> & Pick<RequestOptions, "json" | "form" | "multipart" | "body">
> = {
  ...common,
  json: null,
  form: null,
  multipart: null,
  body: null,
  cookies: (value, base) =>
    value === false ? noCookies : { ...base, own: cookieField(value as Record<string, string>) },
  integrity: integrityRule,
  signal(value, _base, option) {
    if (typeof (value as Partial<AbortSignal> | null)?.addEventListener === "function")
      return value as AbortSignal;
    throw invalidOption(option, value, "Pass the signal of an AbortController.");
  },
};

/** The options of a session that extends another. */
export const forExtending: Partial<Rules<SessionSettings>> = {
  ...common,
  baseUrl: (value) => parseBase(value as string | URL),
  allowOtherOrigins: flag,
  middleware: middlewareRule,
  cookies(value, base, option) {
    if (value === false) return { ...base, jar: null };
    const { cookiesFor, store } = Object(value) as Partial<CookieJar>;
    if (typeof cookiesFor === "function" && typeof store === "function")
      return { ...base, jar: value as CookieJar };
    throw invalidOption(option, value, "Pass a cookieJar() of @anyhttp/cookies, or false.");
  },
  rateLimit: rateLimitRule,
  trace: (value, base, option) =>
    value === false ? null : callable<Tracer | null>("(event) => void")(value, base, option),
  onLeak: (value, _base, option) =>
    value === false
      ? null
      : new LeakDetector(
          callable<(leak: ResponseLeak) => void>("(leak) => void")(value, ignore, option),
        ),
};

/** The options of a session. */
export const forSessions: Partial<Rules<SessionSettings>> = {
  ...forExtending,
  transport: null,
  limits: limitsRule,
};

/** Settings over others, which are returned themselves where the options change nothing. */
export function laid<T extends Settings>(rules: Partial<Rules<T>>, base: T, options: unknown): T {
  return lay(rules, askingForCodings(base, options), options);
}

/**
 * Codings are asked for only where they are undone. What the caller says of `accept-encoding` stands, before it and
 * beside it.
 */
function askingForCodings<T extends Settings>(base: T, options: unknown): T {
  const { headers, codings } = base;
  const decompress = (options as RequestOptions | null)?.decompress;
  if (typeof decompress !== "boolean" || decompress === base.decompress || codings === "")
    return base;
  const own = fieldValues(headers, "accept-encoding").join();
  if (decompress)
    return own ? base : { ...base, headers: [...headers, "accept-encoding", codings] };
  return own === codings ? { ...base, headers: withoutField(headers, "accept-encoding") } : base;
}
