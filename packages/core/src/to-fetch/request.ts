/* What `fetch` is given (WHATWG Fetch §5.4, the Request constructor), made into a call of a session. */

import type { Capabilities } from "../capabilities.ts";
import { isForbiddenField, isFramingField } from "../http/request-fields.ts";
import type { RequestOptions } from "../options/options.ts";
import { ignore } from "../quiet.ts";
import { quoted, shown } from "../redact.ts";
import { givenContent, type GivenContent, requestContent, textOf } from "./content.ts";

/** A call, before its content was looked at. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly redirect: string;
  readonly options: RequestOptions;
  readonly content: GivenContent | null;
  /** The Request, whose signal follows that of the caller only while it lives. */
  readonly request: unknown;
}

/** A `Request` of whatever copy or library: what it has to have. */
interface RequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body?: ReadableStream<Bytes> | AsyncIterable<Bytes> | null;
  readonly bodyUsed?: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;
/** An init, or a Request. What is not text is looked at by whom it concerns. */
type Init = Readonly<Record<string, string | null | undefined>>;

/** Members of a `RequestInit` that have a closed set of values. */
const values: Readonly<Record<string, RegExp>> = {
  redirect: /^(follow|manual|error)$/,
  mode: /^(same-origin|no-cors|cors)$/,
  credentials: /^(omit|same-origin|include)$/,
  // Nothing is cached, so nothing could be had only from there.
  cache: /^(default|no-store|reload|no-cache|force-cache)$/,
  priority: /^(high|low|auto)$/,
  duplex: /^half$/,
};

/** Members that other fetches have beside those of the standard, and that say where a request goes or who answers. */
const foreign = ["agent", "client", "dispatcher", "proxy", "tls", "unix"];

const priorities: Readonly<Record<string, number>> = { high: 1, low: -1 };

/** Fields by which Fetch asks caches on the way for what `cache` says (§4.5, HTTP-network-or-cache fetch). */
const cacheFields: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "no-store": [
    ["pragma", "no-cache"],
    ["cache-control", "no-cache"],
  ],
  "no-cache": [["cache-control", "max-age=0"]],
};

/** @throws TypeError as `fetch` does. */
export function readArguments(input: unknown, given: unknown, able: Capabilities): Asked {
  if (given !== null && !/^(object|undefined|function)$/.test(typeof given))
    throw new TypeError(`init is ${shown(given)}. Pass an object.`);
  const init = (given ?? {}) as Init;
  const request = isRequest(input) ? input : null;
  const from = request as unknown as Init | null;
  for (const name of foreign) {
    // node-fetch's Requests have an agent.
    if ((init[name] ?? from?.[name] ?? null) !== null)
      throw new TypeError(`init.${name} is another fetch's. Configure the session's transport.`);
  }
  if (init["window"] !== undefined && init["window"] !== null)
    throw new TypeError("init.window can only be null");
  const member = (name: string): string => init[name] ?? from?.[name] ?? "";
  const text = (name: keyof typeof values): string => {
    const own = init[name];
    const value = own === undefined ? (from?.[name] ?? "") : own;
    // A Request may have more, such as the mode of a navigation; but not this, which would be passed over.
    if (own === undefined && value !== "only-if-cached") return value as string;
    if (values[name]?.test(value as string)) return value as string;
    throw new TypeError(`init.${name} cannot be ${quoted(value)} here`);
  };
  const method = methodOf(init["method"] ?? from?.["method"] ?? "GET");
  for (const name of ["mode", "duplex"]) text(name);
  const redirect = text("redirect");

  const hasBody = init["body"] !== undefined && init["body"] !== null;
  const content = hasBody ? givenContent(init["body"]) : request && contentIn(request, able);
  if (content && /^(GET|HEAD)$/i.test(method))
    throw new TypeError(`${method} cannot have a body. Use another method.`);
  if (hasBody && content?.oneShot && init["duplex"] === undefined)
    throw new TypeError('a stream as body needs init.duplex: "half"');

  const headers = new Headers((member("headers") || []) as HeadersInit);
  const wanted = text("cache").replace("reload", "no-store");
  for (const [name, value] of cacheFields[wanted] ?? [])
    if (!headers.has(name)) headers.set(name, value);
  const signal =
    "signal" in init && init["signal"] !== undefined ? init["signal"] : from?.["signal"];
  const priority = priorities[text("priority")];
  return {
    method,
    url: request ? request.url : urlOf(input),
    redirect,
    content,
    request,
    options: {
      throwHttpErrors: false,
      headers: [...(headers as unknown as Iterable<[string, string]>)].filter(
        ([name]) =>
          !isFramingField(name) && !(able.forbiddenFields === "fetch" && isForbiddenField(name)),
      ),
      signal: (signal ?? undefined) as unknown as AbortSignal | undefined,
      redirect: /^(manual|error)$/.test(redirect) ? false : undefined,
      ...(text("credentials") === "omit" ? { cookies: false, auth: false } : {}),
      ...(priority === undefined ? {} : { priority }),
      integrity: member("integrity") || undefined,
    },
  };
}

/** Requests of other realms and copies, and of node-fetch, are known by what they have. */
function isRequest(input: unknown): input is RequestLike {
  const { method, url, headers, arrayBuffer } = Object(input) as Partial<RequestLike>;
  return (
    typeof method === "string" &&
    typeof url === "string" &&
    typeof headers === "object" &&
    typeof arrayBuffer === "function"
  );
}

/** Fetch would go to what they are as text, beside the base URL. */
function urlOf(input: unknown): string {
  const url = textOf(input);
  if (input !== undefined && !url.startsWith("[object ")) return url;
  throw new TypeError(`the URL is ${shown(input)}. Pass text, a URL or a Request.`);
}

function methodOf(method: string): string {
  if (/^(connect|trace|track)$/i.test(method))
    throw new TypeError(`the method ${method} is forbidden. Use another method.`);
  return method;
}

/** The content of a Request, which can be had once. */
function contentIn(request: RequestLike, { requestStreaming }: Capabilities): GivenContent | null {
  const { body } = request;
  // Firefox has none to show, so only the method tells whether there may be one.
  if (body === null || (body === undefined && /^(GET|HEAD)$/.test(request.method))) return null;
  if (request.bodyUsed || (body as ReadableStream | undefined)?.locked)
    throw new TypeError("the body of the Request has been read already");
  if (body === undefined || requestStreaming === "none") {
    const bytes = request.arrayBuffer();
    return { oneShot: false, open: () => bytes, cancel: ignore };
  }
  const type = new Headers(request.headers as HeadersInit).get("content-type");
  return requestContent(body, /^multipart\//i.test(type ?? ""));
}
