/* Sessions and transports that clean what they should refuse, or write what they should encode. */

import type { RequestOptions, Session } from "@anyhttp/core";
import { type Broken, spoilt, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

/** A text without what cannot be sent, as some clients make one. */
const cleaned = (value: unknown): string => String(value).replaceAll(/[^\t -~\x80-\xff]/g, "");

const token = (name: unknown): string => String(name).replaceAll(/[^\w-]/g, "") || "x";

const framing =
  /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|expect|http2-settings|host|content-length)$/i;

function cleanedHeaders(headers: unknown): [string, string][] {
  if (typeof headers !== "object" || headers === null) return [];
  const pairs =
    Symbol.iterator in headers ? [...(headers as Iterable<unknown[]>)] : Object.entries(headers);
  return pairs
    .map(([name, value]): [string, string] => [token(name), cleaned(value)])
    .filter(([name]) => !framing.test(name));
}

function cleanedOptions(options: RequestOptions): RequestOptions {
  const { headers, cookies, ...others } = options;
  const kept = Object.entries(cookies || {}).map(([name, value]) => [token(name), token(value)]);
  return {
    ...others,
    ...(headers !== undefined && { headers: cleanedHeaders(headers) }),
    ...(cookies && { cookies: Object.fromEntries(kept) as Record<string, string> }),
  };
}

function cleanedMethod(make: () => Session): Session {
  return new Proxy(make(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...args: unknown[]) => unknown;
      return name === "request"
        ? (method: unknown, ...others: unknown[]) => bound(token(method), ...others)
        : bound;
    },
  });
}

/** A path that is decoded until nothing is left to decode. */
function decoded(path: string): string {
  try {
    const once = decodeURIComponent(path.replaceAll("+", " "));
    return once === path ? path : decoded(once);
  } catch {
    return path;
  }
}

const wanted = /error\.name: expected "InvalidRequestError"|expected an error "ERR_INVALID_HEADER"/;

/** Ways to let a request be split. */
export const brokenInjections: readonly Broken[] = [
  {
    name: "cleans-what-it-is-given",
    session: reoptioned(cleanedOptions),
    caught: {
      "transport/injection/value-with-*": wanted,
      "transport/injection/name-with-*": wanted,
      "transport/injection/value-that-is-*": wanted,
      "transport/injection/headers-with-lines-of-their-own": wanted,
      "transport/injection/host-field-with-*": wanted,
      "transport/injection/cookie-with-*": wanted,
      "transport/injection/refusal-keeps-*": wanted,
      "transport/smuggling/field-*": wanted,
      "transport/smuggling/length-*": wanted,
    },
  },
  {
    name: "cleans-methods",
    session: cleanedMethod,
    caught: { "transport/injection/method-with-*": wanted },
  },
  {
    name: "decodes-targets",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            target: { ...request.target, path: decoded(request.target.path) },
          }),
      }),
    caught: {
      "transport/injection/path-with-*": /target: expected|expected a response/,
      "transport/injection/query-with-*": /target: expected|expected a response/,
      "transport/injection/params-with-*": /target: expected|expected a response/,
    },
  },
];
