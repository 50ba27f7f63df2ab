/* What goes with each exchange, hop and attempt alike, and belongs to its origin alone: cookies and authentication. */

import type { RequestSent } from "../error-codes.ts";
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
  let sent: RequestSent = "no";
  for (let again = false; ; again = true) {
    let lines = request.lines;
    const asked = has("cookie") ? null : cookieField(request, first);
    // Most requests go to hosts that the jar has nothing for, and need not wait for it.
    const cookie = asked instanceof Promise ? await asked : asked;
    if (cookie) lines = [...lines, "cookie", fieldValue("cookie", cookie)];
    const value = by ? await authFailing(() => by.authorize(request)) : null;
    if (value !== null) lines = [...lines, "authorization", fieldValue("authorization", value)];
    const response = await next(lines === request.lines ? request : request.carrying(lines));
    sent = "yes";
    try {
      const stored = cookies.jar?.store(request, response, first.url);
      if (stored) await stored;
      const wanted = by && (await authFailing(() => by.answered(request, response, value)));
      // Once is enough for every scheme; more would let a server keep a call going.
      if (!wanted || again || !(request.content?.replayable ?? true)) return response;
    } catch (error) {
      response.discard();
      throw error;
    }
    response.discard();
    await response.trailers;
  }

  /** What an authenticator says. What it throws is the call's failure. */
  async function authFailing<T>(ask: () => T | Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (failure) {
      throw attribute(failure, request, (cause) => {
        const what = "the credentials could not be had";
        return new HttpError("ERR_AUTH", what, "See cause.", { requestSent: sent, cause });
      });
    }
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
  return pair.slice(0, Math.max(0, pair.indexOf("=")));
}
