/* What goes with each exchange, hop and attempt alike, and belongs to its origin alone: cookies and authentication. */

import { attribute, HttpError } from "../errors.ts";
import { firstValue } from "../headers.ts";
import { fieldValue } from "../http/field.ts";
import type { Settings } from "../options/settings.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import type { Next } from "./middleware.ts";

/** Whether there is anything to go with the exchanges of a call. */
export function hasCredentials({ auth, cookies }: Settings): boolean {
  return auth !== null || cookies.jar !== null || cookies.own !== "";
}

/**
 * Sends a request with the cookies of its host, and authenticated if it goes to the origin that the credentials are for.
 * @param first The request with which the call began.
 */
export async function withCredentials(
  request: HttpRequest,
  first: HttpRequest,
  next: Next,
): Promise<HttpResponse> {
  const { auth, cookies } = request.settings;
  const by =
    auth && request.target.origin === (auth.origin ?? first.target.origin) && !has("authorization")
      ? auth.by
      : null;
  for (let again = false; ; again = true) {
    let lines = request.lines;
    const asked = has("cookie") ? null : cookieField(request, first);
    // Most requests go to hosts that the jar has nothing for, and need not wait for it.
    const cookie = asked instanceof Promise ? await asked : asked;
    if (cookie) lines = [...lines, "cookie", cookie];
    const value = by ? await settled(request, () => by.authorize(request)) : null;
    if (value !== null) lines = [...lines, "authorization", fieldValue("authorization", value)];
    const response = await next(lines === request.lines ? request : request.carrying(lines));
    const stored = cookies.jar?.store(request, response, first.url);
    if (stored) await stored;
    const wanted = by && (await settled(request, () => by.answered(request, response, value)));
    // Once is enough for every scheme; more would let a server keep a call going.
    if (!wanted || again || !(request.content?.replayable ?? true)) return response;
    response.discard();
    await response.trailers;
  }

  function has(name: string): boolean {
    return firstValue(request.lines, name) !== undefined;
  }
}

/** The jar's cookies and the call's own, which win, and go nowhere but where the call was meant for. */
function cookieField(
  request: HttpRequest,
  first: HttpRequest,
): string | null | Promise<string | null> {
  const { jar, own } = request.settings.cookies;
  const kept = jar ? jar.cookiesFor(request, first.url) : null;
  if (own === "" || request.target.origin !== first.target.origin) return kept;
  return kept instanceof Promise ? kept.then((pairs) => merged(pairs, own)) : merged(kept, own);
}

function merged(kept: string | null, own: string): string {
  const names = new Set(own.split("; ").map(nameOf));
  const others = kept ? kept.split("; ").filter((pair) => !names.has(nameOf(pair))) : [];
  return [...others, own].join("; ");
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf("="));
}

/** What an authenticator says. What it throws is the call's failure. */
async function settled<T>(request: HttpRequest, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (failure) {
    throw attribute(
      failure,
      request,
      (cause) =>
        new HttpError("ERR_AUTH", "the credentials could not be had", "See cause.", {
          requestSent: "no",
          cause,
        }),
    );
  }
}
