/* Options, checked and merged once: a session's at construction, a call's where it says something. */

import { fieldValues, filterFields, mergeHeaders } from "../headers.ts";
import { toSearchParams } from "../content/form.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { parseBase } from "../http/target.ts";
import { defaultTimeouts, mergeTimeouts, type Timeouts } from "../timeout.ts";
import type { FieldLines } from "../transport.ts";
import { flag, invalidOption, knownKeys, wholeNumber } from "./invalid.ts";
import type { CommonOptions, ExtendOptions, RedirectOptions, RequestOptions } from "./options.ts";

/** Every common option with its value. */
export interface Settings {
  readonly headers: FieldLines;
  readonly params: URLSearchParams | null;
  readonly timeouts: Timeouts;
  readonly redirect: Readonly<Required<{ [K in keyof RedirectOptions]: NonNullable<RedirectOptions[K]> }>>;
  readonly resend: boolean;
  readonly throwHttpErrors: boolean;
  readonly errorContentLimit: number;
  /** `null`: the defaults, which differ for whole and streamed content. */
  readonly maxResponseSize: number | null;
  readonly decompress: boolean;
  /** What `accept-encoding` says by itself while `decompress` holds; `""` where the platform says it. */
  readonly codings: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A session's defaults. */
export interface SessionSettings extends Settings {
  readonly base: string | undefined;
  readonly baseOrigin: string | undefined;
  readonly allowOtherOrigins: boolean;
  readonly middleware: readonly Middleware[];
}

const emptyContext: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null) as object) as Record<string, unknown>;

/** How redirects are followed where nobody says otherwise. */
export const defaultRedirect: Settings["redirect"] = { follow: true, max: 10, allowDowngrade: false };

/** What holds where nobody says otherwise. */
export const defaultSettings: SessionSettings = {
  headers: [],
  params: null,
  timeouts: defaultTimeouts,
  redirect: defaultRedirect,
  resend: true,
  throwHttpErrors: true,
  errorContentLimit: 1_048_576,
  maxResponseSize: null,
  decompress: true,
  codings: "",
  context: emptyContext,
  base: undefined,
  baseOrigin: undefined,
  allowOtherOrigins: false,
  middleware: [],
};

const common = [
  "params", "headers", "timeout", "redirect", "retry", "throwHttpErrors", "errorContentLimit", "maxResponseSize", "decompress", "context",
]; // prettier-ignore
const requestKeys: ReadonlySet<string> = new Set([...common, "json", "form", "multipart", "body", "signal"]);
const extendKeys = [...common, "baseUrl", "allowOtherOrigins", "middleware"];
const redirectKeys: ReadonlySet<string> = new Set(["follow", "max", "allowDowngrade"]);

/** A call's settings: the session's own record if the call changes nothing of it. */
export function callSettings(base: Settings, options: RequestOptions): Settings {
  knownKeys("", options, requestKeys);
  return mergeCommon(base, options) ?? base;
}

/** A session's settings over others. `also`: further keys that the caller takes care of. */
export function sessionSettings(base: SessionSettings, options: ExtendOptions, also: readonly string[]): SessionSettings {
  if (typeof options !== "object" || options === null) throw invalidOption("options", `is of type ${typeof options}`, "Pass an object.");
  knownKeys("", options, new Set([...also, ...extendKeys]));
  const { baseUrl, allowOtherOrigins, middleware } = options;
  const href = baseUrl === undefined ? base.base : parseBase(baseUrl);
  return {
    ...base,
    ...mergeCommon(base, options),
    base: href,
    baseOrigin: href === undefined ? undefined : new URL(href).origin,
    allowOtherOrigins: allowOtherOrigins === undefined ? base.allowOtherOrigins : flag("allowOtherOrigins", allowOtherOrigins),
    middleware: middleware === undefined ? base.middleware : [...base.middleware, ...checkMiddleware(middleware)],
  };
}

function mergeCommon(base: Settings, options: CommonOptions): Settings | null {
  let merged: { -readonly [K in keyof Settings]: Settings[K] } | null = null;
  const change = (): { -readonly [K in keyof Settings]: Settings[K] } => (merged ??= { ...base });
  const { params, headers, timeout, redirect, retry, throwHttpErrors, errorContentLimit, maxResponseSize, decompress, context } = options;
  if (params !== undefined) change().params = mergeParams(base.params, toSearchParams(params, "params"));
  // Before the headers, so that what the caller says beside it stands.
  if (decompress !== undefined && flag("decompress", decompress) !== base.decompress) {
    change().decompress = decompress;
    change().headers = askForCodings(base, decompress);
  }
  if (headers !== undefined) change().headers = mergeHeaders(change().headers, headers);
  if (timeout !== undefined) change().timeouts = mergeTimeouts(base.timeouts, timeout);
  if (redirect !== undefined) change().redirect = mergeRedirect(base.redirect, redirect);
  if (retry !== undefined) {
    if (retry !== false) throw invalidOption("retry", `is of type ${typeof retry}`, "Pass false, or leave it out.");
    change().resend = false;
  }
  if (throwHttpErrors !== undefined) change().throwHttpErrors = flag("throwHttpErrors", throwHttpErrors);
  if (errorContentLimit !== undefined) change().errorContentLimit = wholeNumber("errorContentLimit", errorContentLimit, 0);
  if (maxResponseSize !== undefined) change().maxResponseSize = wholeNumber("maxResponseSize", maxResponseSize, 0);
  if (context !== undefined) {
    if (typeof context !== "object" || context === null) throw invalidOption("context", "is not an object", "Pass a record.");
    change().context = Object.freeze(Object.assign(Object.create(null), base.context, context) as Record<string, unknown>);
  }
  return merged;
}

/** Codings are asked for only where they are undone; an `accept-encoding` of the caller's own stays as it is. */
function askForCodings({ headers, codings }: Settings, ask: boolean): FieldLines {
  if (codings === "") return headers;
  const own = fieldValues(headers, "accept-encoding");
  if (ask) return own.length > 0 ? headers : [...headers, "accept-encoding", codings];
  return own.length === 1 && own[0] === codings ? filterFields(headers, (name) => name !== "accept-encoding") : headers;
}

function mergeParams(base: URLSearchParams | null, params: URLSearchParams): URLSearchParams {
  // A copy: what the caller does with its own later is not for the session.
  if (!base) return new URLSearchParams(params);
  const merged = new URLSearchParams();
  for (const [name, value] of base) if (!params.has(name)) merged.append(name, value);
  for (const [name, value] of params) merged.append(name, value);
  return merged;
}

function mergeRedirect(base: Settings["redirect"], input: boolean | RedirectOptions): Settings["redirect"] {
  if (typeof input === "boolean") return { ...base, follow: input };
  if (typeof input !== "object" || input === null) {
    throw invalidOption("redirect", `is of type ${typeof input}`, "Pass true, false or { follow, max, allowDowngrade }.");
  }
  knownKeys("redirect", input, redirectKeys);
  const { follow, max, allowDowngrade } = input;
  return {
    follow: follow === undefined ? base.follow : flag("redirect.follow", follow),
    max: max === undefined ? base.max : wholeNumber("redirect.max", max, 0),
    allowDowngrade: allowDowngrade === undefined ? base.allowDowngrade : flag("redirect.allowDowngrade", allowDowngrade),
  };
}

function checkMiddleware(middleware: readonly Middleware[]): readonly Middleware[] {
  if (Array.isArray(middleware) && middleware.every((one) => typeof one === "function")) return middleware;
  throw invalidOption("middleware", "is not a list of functions", "Pass an array of (request, next) => Promise<HttpResponse>.");
}
