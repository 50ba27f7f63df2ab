/* One request as middleware sees it: plain, immutable but for its headers, and cheap to derive from. */

import {
  type BodyFactory,
  type BodyInput,
  requestContent,
  type RequestContent,
} from "./content/request-content.ts";
import type { Context } from "./context.ts";
import { firstValue, HttpHeaders, type HeadersInput } from "./headers.ts";
import { isToken } from "./http/field.ts";
import { quoted, shown } from "./redact.ts";
import { isIdempotent, normalizeMethod } from "./http/method.ts";
import { parseTarget, resolveUrl } from "./http/target.ts";
import { invalid } from "./errors.ts";
import type { Settings } from "./options/settings.ts";
import type { FieldLines, Target } from "./transport.ts";

/** What `with` may change. */
export interface RequestChanges {
  readonly method?: string | undefined;
  /** Absolute, or relative to the request's own URL. */
  readonly url?: string | URL | undefined;
  /** Replaces all headers. To change one, use `request.headers`. */
  readonly headers?: HeadersInput | undefined;
  /** `null` removes the content. Its type follows from its kind where no header says it. */
  readonly body?: BodyInput | BodyFactory | null | undefined;
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
    const { method, url, headers, body } = changes;
    const content = body === undefined ? this.content : requestContent({ body });
    const lines = headers === undefined ? [...this.lines] : new HttpHeaders(headers).lines;
    return new HttpRequest(
      method === undefined ? this.method : checkMethod(method),
      url === undefined ? this.target : parseTarget(resolveUrl(url, this.target.href)),
      body === undefined ? lines : withContentType(lines, content),
      content,
      this.settings,
    );
  }
}

/** @internal The fields of a request with this content: what its type is, unless they say it. */
export function withContentType(lines: FieldLines, content: RequestContent | null): FieldLines {
  const type = content?.type ?? null;
  return type === null || firstValue(lines, "content-type") !== undefined
    ? lines
    : [...lines, "content-type", type];
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
    const what = typeof method === "string" ? quoted(method) : `a value ${shown(method)}`;
    throw invalid(
      "METHOD",
      `${what} is not a method`,
      "Use a token such as GET or POST (RFC 9110 §9.1).",
    );
  }
  const normal = normalizeMethod(method);
  if (normal !== "CONNECT") return normal;
  throw invalid(
    "METHOD",
    "CONNECT makes a tunnel, not an exchange",
    "Configure a proxy on the transport.",
  );
}
