/* Options as they hold: each with its default, and the rule by which it is checked and merged. */

import { type FormInput, mergeParams } from "../content/form.ts";
import { fieldValues, type HeadersInput, mergeHeaders, withoutField } from "../headers.ts";
import { isToken } from "../http/field.ts";
import { parseBase } from "../http/target.ts";
import { defaultLimits, type LimitSettings, limitsRule } from "../limits/limits.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { defaultTimeouts, timeoutRule, type Timeouts } from "../timeout.ts";
import { emptyRecord } from "../record.ts";
import type { FieldLines, Target, Transport } from "../transport.ts";
import type { RedirectOptions, RequestOptions } from "./options.ts";
import { count, flag, invalidOption, lay, record, type Rule, type Rules } from "./rules.ts";

/** Every common option with its value. */
export interface Settings {
  readonly params: URLSearchParams | null;
  readonly headers: FieldLines;
  readonly timeout: Timeouts;
  readonly redirect: { readonly [K in keyof RedirectOptions]-?: NonNullable<RedirectOptions[K]> };
  /** Whether a request is sent once more on a connection that turned out dead. */
  readonly retry: boolean;
  readonly throwHttpErrors: boolean;
  readonly errorContentLimit: number;
  /** `null`: the defaults, which differ for whole and streamed content. */
  readonly maxResponseSize: number | null;
  readonly decompress: boolean;
  readonly context: Readonly<Record<string, unknown>>;
  /** What `accept-encoding` says by itself while `decompress` holds; `""` where the platform says it. */
  readonly codings: string;
  /** A call's only. */
  readonly signal?: AbortSignal | undefined;
}

/** A session's defaults. */
export interface SessionSettings extends Settings {
  readonly baseUrl: Target | null;
  readonly allowOtherOrigins: boolean;
  readonly middleware: readonly Middleware[];
  readonly transport: Transport;
  readonly limits: LimitSettings;
}

/** What holds where nobody says otherwise. */
export const defaultSettings: Omit<SessionSettings, "transport"> = {
  params: null,
  headers: [],
  timeout: defaultTimeouts,
  redirect: { follow: true, max: 10, allowDowngrade: false, forward: [] },
  retry: true,
  throwHttpErrors: true,
  errorContentLimit: 1_048_576,
  maxResponseSize: null,
  decompress: true,
  context: Object.freeze(emptyRecord<unknown>()),
  codings: "",
  baseUrl: null,
  allowOtherOrigins: false,
  middleware: [],
  limits: defaultLimits,
};

const common: Rules<Omit<Settings, "codings" | "signal">> = {
  params: (value, base) => mergeParams(base, value as FormInput),
  headers: (value, base) => mergeHeaders(base, value as HeadersInput),
  timeout: timeoutRule,
  redirect: record<Settings["redirect"]>(
    { follow: flag, max: count(0), allowDowngrade: flag, forward: fieldNames },
    "follow",
  ),
  retry(value, _base, option) {
    if (value === false) return value;
    throw invalidOption(option, value, "Pass false, or leave it out.");
  },
  throwHttpErrors: flag,
  errorContentLimit: count(0),
  maxResponseSize: count(0) as Rule<number | null>,
  decompress: flag,
  context(value, base, option) {
    if (typeof value !== "object" || value === null)
      throw invalidOption(option, value, "Pass a record.");
    return Object.freeze(Object.assign(emptyRecord<unknown>(), base, value));
  },
};

/** Names of fields that may follow to another origin, in lower case; `host` is that origin's own. */
function fieldNames(value: unknown, _base: readonly string[], option: string): readonly string[] {
  const isName = (one: unknown): one is string =>
    typeof one === "string" && isToken(one) && !/^host$/i.test(one);
  if (Array.isArray(value) && value.every(isName)) return value.map((name) => name.toLowerCase());
  throw invalidOption(option, value, "Pass an array of header names other than host.");
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
  middleware(value, base, option) {
    if (Array.isArray(value) && value.every((one) => typeof one === "function"))
      return [...base, ...(value as Middleware[])];
    throw invalidOption(
      option,
      value,
      "Pass an array of functions (request, next) => Promise<HttpResponse>.",
    );
  },
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
