/* A session as a `fetch` (WHATWG Fetch), for whatever takes one. What it asks and answers is in the files beside this one. */

import { attribute, RedirectError } from "../errors.ts";
import { invalidOption } from "../options/rules.ts";
import { ignore } from "../quiet.ts";
import type { Session } from "../session.ts";
import { fetchError, reasonOf } from "./failure.ts";
import { type Asked, readArguments } from "./request.ts";
import { platformResponse } from "./response.ts";

/**
 * A `fetch` that calls through a session: its base URL, headers, cookies, authentication, retries, limits and timeouts
 * hold. It takes what `fetch` takes, resolves to a real `Response`, whatever its status, and closes nothing.
 *
 * Rejects with the reason of the signal when that fires, else with a `TypeError` whose `cause` is the `HttpError`.
 *
 * ```ts
 * const client = new OpenAI({ fetch: toFetch(session) });
 * ```
 */
export function toFetch(session: Session): typeof globalThis.fetch {
  if (typeof session?.request !== "function")
    throw invalidOption("session", session, "Pass a Session.");
  return async (input: unknown, init?: unknown): Promise<Response> => {
    let asked: Asked | undefined;
    try {
      asked = readArguments(input, init, session.capabilities);
      return await answer(session, asked);
    } catch (error) {
      const failure = fetchError(error, asked?.options.signal);
      asked?.content?.cancel(failure);
      throw failure;
    }
  };
}

/** What is promised, or the reason of the signal if that comes first. */
async function unlessAborted<T>(promised: T, signal: AbortSignal | undefined): Promise<Awaited<T>> {
  if (!signal || !(promised instanceof Promise)) return await promised;
  let abort = ignore;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(reasonOf(signal));
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([promised, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function answer(session: Session, asked: Asked): Promise<Response> {
  const { method, url, redirect, content, options } = asked;
  // Of a call that is not to be made, nothing is read.
  const { signal } = options;
  const body = signal?.aborted ? null : content && (await unlessAborted(content.open(), signal));
  const response = await session.request(method, url, { ...options, body });
  if (redirect !== "error" || !/^30[12378]$/.test(String(response.status)))
    return platformResponse(
      response,
      signal,
      asked,
      // Nobody gets content that is not what it should be, nor its head (Fetch §4.1, main fetch).
      options.integrity === undefined ? null : await response.bytes(),
    );
  response.discard();
  const what = 'the response is a redirect, and redirect is "error"';
  const remedy = 'Use redirect "follow" or "manual".';
  const error = new RedirectError("ERR_REDIRECT_REFUSED", what, remedy, { fields: { response } });
  throw attribute(error, response.request);
}
