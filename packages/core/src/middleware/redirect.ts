/* Follows redirects (RFC 9110 §15.4) with the rules of Fetch, and stricter where credentials could leak. */

import { httpError } from "../errors.ts";
import { filterFields } from "../headers.ts";
import { portableFields } from "../http/request-fields.ts";
import { parseTarget } from "../http/target.ts";
import { HttpRequest } from "../request.ts";
import type { HttpResponse, RedirectHop } from "../response.ts";
import type { FieldLines, Target } from "../transport.ts";
import type { Next } from "./middleware.ts";

const statuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @throws RedirectError if there are too many, or one cannot or must not be followed. */
export async function redirect(request: HttpRequest, next: Next): Promise<HttpResponse> {
  let current = request;
  let hops: RedirectHop[] | null = null;
  for (;;) {
    const response = await next(current);
    if (hops) response.history = hops;
    if (!statuses.has(response.status) || !request.settings.redirect.follow) return response;
    // A redirect without a location is a response like any other (Fetch, HTTP-redirect fetch, step 4).
    const location = response.headers.get("location");
    if (location === null) return response;
    response.discard();
    current = follow(current, response, location, hops?.length ?? 0);
    // `discard` ends the content soon, one way or the other; then its connection and its slot can serve what follows.
    await response.trailers;
    (hops ??= []).push({ status: response.status, url: response.url, headers: response.headers });
  }
}

function follow(request: HttpRequest, response: HttpResponse, location: string, count: number): HttpRequest {
  const { settings, target: from } = request;
  const fail = (code: "ERR_REDIRECT_LIMIT" | "ERR_REDIRECT_LOCATION" | "ERR_REDIRECT_REFUSED" | "ERR_REDIRECT_REPLAY", what: string): Error =>
    httpError(code, { request, what, fields: { response } });

  if (count >= settings.redirect.max) throw fail("ERR_REDIRECT_LIMIT", `more than ${settings.redirect.max} redirects`);
  const to = locate(location, from, fail);
  if (from.protocol === "https:" && to.protocol === "http:" && !settings.redirect.allowDowngrade) {
    throw fail("ERR_REDIRECT_REFUSED", "the redirect leads from https to http");
  }

  const { status } = response;
  const toGet =
    (status === 303 && request.method !== "GET" && request.method !== "HEAD") ||
    ((status === 301 || status === 302) && request.method === "POST");
  const content = toGet ? null : request.content;
  if (content && !content.replayable) {
    throw fail("ERR_REDIRECT_REPLAY", `the ${status} redirect asks for the request content again, and it can be sent only once`);
  }

  let lines: FieldLines = request.lines;
  if (toGet) lines = filterFields(lines, (name) => !name.startsWith("content-"));
  lines = to.origin === from.origin ? lines : portableFields(lines);
  return new HttpRequest(toGet ? "GET" : request.method, to, lines, content, settings, request.signal);
}

/** Credentials in a location are ignored: no server decides as whom the caller comes. */
function locate(location: string, from: Target, fail: (code: "ERR_REDIRECT_LOCATION" | "ERR_REDIRECT_REFUSED", what: string) => Error): Target {
  let url: URL;
  try {
    url = new URL(fromBytes(location), from.href);
  } catch {
    throw fail("ERR_REDIRECT_LOCATION", "the location of the redirect is not a valid URL");
  }
  url.username = url.password = "";
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw fail("ERR_REDIRECT_REFUSED", `the redirect leads to the scheme ${url.protocol.slice(0, 32)}`);
  }
  return parseTarget(url);
}

/** Field values are bytes; servers that do not encode their location mean UTF-8 by them, as browsers assume. */
function fromBytes(value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
