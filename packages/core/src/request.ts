/* One request as middleware sees it: plain, immutable but for its headers, and cheap to derive from. */

import { type ContentOptions, requestContent } from "./content/request-content.ts";
import type { RequestContent } from "./content/source.ts";
import type { Context } from "./context.ts";
import { firstValue, HttpHeaders, type HeadersInput, withoutField } from "./headers.ts";
import { badHeader, isToken } from "./http/field.ts";
import { quoted, redactText, shown } from "./redact.ts";
import { isIdempotent, normalizeMethod } from "./http/method.ts";
import { parseTarget, resolveUrl } from "./http/target.ts";
import { invalid } from "./errors.ts";
import type { Settings } from "./options/settings.ts";
import type { ProgressIterator } from "./progress/progress-iterator.ts";
import type { FieldLines, Target } from "./transport.ts";

/**
 * What `with` may change. Content is one of `json`, `form`, `multipart` and `body`; a body of `null` removes it. Its type
 * follows from its kind where no header of yours says it.
 */
export interface RequestChanges extends ContentOptions {
  readonly method?: string | undefined;
  /** Absolute, or relative to the request's own URL. */
  readonly url?: string | URL | undefined;
  /** Replaces all headers. To change one, use `request.headers`. */
  readonly headers?: HeadersInput | undefined;
}

/** A request on its way to the transport. */
export class HttpRequest {
  readonly method: string;
  /** @internal */
  readonly target: Target;
  /** @internal */
  readonly content: RequestContent | null;
  /** @internal */
  readonly settings: Settings;
  /** The caller's own; fires when the call is aborted. */
  readonly signal: AbortSignal | undefined;
  /** @internal Who iterates over the progress of the call that begins with it. */
  watchers: ProgressIterator[] | null = null;
  #lines: FieldLines;
  #headers: HttpHeaders | null = null;

  /** @internal Everything has been checked. */
  constructor(
    method: string,
    target: Target,
    lines: FieldLines,
    content: RequestContent | null,
    settings: Settings,
  ) {
    this.method = method;
    this.target = target;
    this.#lines = lines;
    this.content = content;
    this.settings = settings;
    this.signal = settings.signal;
  }

  /** The target URI, without fragment. */
  get url(): string {
    return this.target.href;
  }

  /** The fields that will be sent. Changes take effect. */
  get headers(): HttpHeaders {
    return (this.#headers ??= HttpHeaders.over([...this.#lines]));
  }

  /** What the session and the call passed as `context`. */
  get context(): Context {
    return this.settings.context;
  }

  /** @internal The fields as a list, without making headers of them. */
  get lines(): FieldLines {
    return this.#headers ? this.#headers.lines : this.#lines;
  }

  /** @internal The fields as they were, whatever became of `headers`. */
  get original(): FieldLines {
    return this.#lines;
  }

  /** @internal The same request with other fields, which have been checked. */
  carrying(lines: FieldLines): HttpRequest {
    return new HttpRequest(this.method, this.target, lines, this.content, this.settings);
  }

  /** A request that differs in what is given. @throws InvalidRequestError if that is not valid. */
  with(changes: RequestChanges): HttpRequest {
    const { method, url, headers } = changes;
    const given = requestContent(changes);
    const content = given === undefined ? this.content : given;
    let lines: FieldLines = headers === undefined ? this.lines : new HttpHeaders(headers).lines;
    // What followed from the content goes with it.
    if (content !== this.content && firstValue(lines, "content-type") === this.content?.type)
      lines = withoutField(lines, "content-type");
    return new HttpRequest(
      method === undefined ? this.method : checkMethod(method),
      url === undefined ? this.target : parseTarget(resolveUrl(url, this.target.href)),
      given === undefined ? [...lines] : withContentType(lines, content),
      content,
      this.settings,
    );
  }
}

/** @internal The fields of a request with this content: what its type is, unless they say it. */
export function withContentType(lines: FieldLines, content: RequestContent | null): FieldLines {
  const type = content?.type ?? null;
  if (type === null) return lines;
  const said = firstValue(lines, "content-type");
  if (said === undefined) return [...lines, "content-type", type];
  if (!type.startsWith("multipart/") || said === type) return lines;
  throw badHeader(
    "content-type",
    "cannot know the boundary of the multipart content",
    "Leave it out; it is written with the content.",
  );
}

/** @internal The fields of a request with a key by which the server knows its repetitions, if it needs one and has none. */
export function withIdempotencyKey(method: string, lines: FieldLines): FieldLines {
  return isIdempotent(method) || firstValue(lines, "idempotency-key") !== undefined
    ? lines
    : [...lines, "idempotency-key", `"${crypto.randomUUID()}"`];
}

/** A method token, the well-known ones in upper case. @throws InvalidRequestError; for CONNECT too, which is for proxies. */
export function checkMethod(method: string): string {
  if (typeof method !== "string" || !isToken(method)) {
    const text = typeof method === "string";
    // Who forgets it passes a URL in its place, which may hold secrets.
    const what = text ? quoted(redactText(method)) : `a value ${shown(method)}`;
    const remedy =
      text && method.includes("://")
        ? "Pass the method first, then the URL."
        : "Use a token such as GET or POST (RFC 9110 §9.1).";
    throw invalid("METHOD", `${what} is not a method`, remedy);
  }
  const normal = normalizeMethod(method);
  if (normal !== "CONNECT") return normal;
  throw invalid(
    "METHOD",
    "CONNECT makes a tunnel, not an exchange",
    "Configure a proxy on the transport.",
  );
}
