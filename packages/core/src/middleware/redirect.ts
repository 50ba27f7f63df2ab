/* Follows redirects (RFC 9110 §15.4) with the rules of Fetch, and stricter where credentials could leak. */

import { attribute, RedirectError } from "../errors.ts";
import { filterFields } from "../headers.ts";
import { portableFields } from "../http/request-fields.ts";
import { parseTarget } from "../http/target.ts";
import { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import type { RedirectHop } from "../response-facts.ts";
import { redactUrl } from "../redact.ts";
import type { Teller } from "../trace.ts";
import type { FieldLines } from "../transport.ts";
import type { Next } from "./middleware.ts";

const statuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a response is a redirect that is to be followed. */
export function isRedirect(request: HttpRequest, { status }: HttpResponse): boolean {
  return status >= 300 && statuses.has(status) && request.settings.redirect.follow;
}

/**
 * Follows the redirect that `first` is, and those behind it.
 * @throws RedirectError if there are too many, or one cannot or must not be followed.
 */
export async function redirect(
  request: HttpRequest,
  first: HttpResponse,
  next: Next,
  scope: Teller,
): Promise<HttpResponse> {
  let current = request;
  let response = first;
  const hops: RedirectHop[] = [];
  while (isRedirect(request, response)) {
    // A redirect without a location is a response like any other (Fetch, HTTP-redirect fetch, step 4).
    const locations = locationsOf(response);
    if (locations.length === 0) break;
    response.discard();
    current = follow(current, response, locations, hops.length);
    // `discard` ends the content soon, one way or the other; then its connection and its slot can serve what follows.
    await response.trailers;
    const { status } = response;
    scope.tell(current, 1, { type: "redirect", status, from: redactUrl(response.url) });
    hops.push({ status, url: response.url, headers: response.headers });
    response = await next(current);
    response.history = hops;
  }
  return response;
}

function follow(
  request: HttpRequest,
  response: HttpResponse,
  locations: readonly string[],
  count: number,
): HttpRequest {
  const { settings, method } = request;
  // Middleware around the attempt may have sent it elsewhere.
  const from = response.request.target;
  const { max, allowDowngrade, forward } = settings.redirect;
  const fail = (
    how: "LIMIT" | "LOCATION" | "REFUSED" | "REPLAY",
    what: string,
    remedy: string,
  ): Error => {
    const error = new RedirectError(`ERR_REDIRECT_${how}`, what, remedy, { fields: { response } });
    return attribute(error, request);
  };

  if (count >= max) {
    throw fail(
      "LIMIT",
      `more than ${max} redirects`,
      "Raise redirect.max, or look for a loop in history.",
    );
  }
  const [location = "", another] = locations;
  if (another !== undefined) {
    throw fail(
      "LOCATION",
      "the redirect has several locations",
      "Read the response with redirect: false.",
    );
  }
  let url: URL;
  try {
    url = new URL(fromBytes(location), from.href);
  } catch {
    throw fail(
      "LOCATION",
      "the location of the redirect is not a valid URL",
      "Read the response with redirect: false.",
    );
  }
  const { protocol } = url;
  if (
    protocol !== "https:" &&
    (protocol !== "http:" || (from.protocol !== protocol && !allowDowngrade))
  ) {
    const what = `the redirect leads from ${from.protocol} to ${protocol.slice(0, 32)}`;
    throw fail("REFUSED", what, "Follow it yourself with redirect: false if you trust it.");
  }
  // Credentials in a location are ignored: no server decides as whom the caller comes.
  url.username = url.password = "";
  url.hash ||= from.fragment;
  const to = parseTarget(url);

  const { status } = response;
  const toGet = status === 303 ? !/^(GET|HEAD)$/.test(method) : status < 303 && method === "POST";
  const content = toGet ? null : request.content;
  if (content && !content.replayable) {
    const what = `the ${status} redirect asks for the request content again, and it can be sent only once`;
    throw fail("REPLAY", what, "Pass the content as bytes, or as a function that makes it anew.");
  }

  let lines: FieldLines = request.lines;
  if (toGet) lines = filterFields(lines, (name) => !name.startsWith("content-"));
  if (to.origin !== from.origin) lines = portableFields(lines, forward);
  return new HttpRequest(toGet ? "GET" : method, to, lines, content, settings);
}

/**
 * The different places that a redirect names. RFC 9110 §10.2.2 allows one; which of several was meant, nobody knows. An
 * intermediary or the platform may have joined their lines: what stands behind a comma and a space, which no URI
 * reference holds, and begins like a URL or a path, is a place of its own.
 */
function locationsOf({ headers }: HttpResponse): string[] {
  const values = headers.getAll("location");
  return [...new Set(values.flatMap((value) => value.split(/, +(?=\/|[a-z][a-z0-9+.-]*:)/i)))];
}

/** Field values are bytes; servers that do not encode their location mean UTF-8 by them, as browsers assume. */
function fromBytes(value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
