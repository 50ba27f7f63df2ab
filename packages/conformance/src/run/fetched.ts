/* The caller's witness of `toFetch(session)`. Never rejects. */

import { isHttpError } from "@anyhttp/core";
import { fromBytes } from "../case/bytes.ts";
import type { FetchReader } from "../case/fetching.ts";
import type { Observation, ObservedError } from "../case/perform.ts";
import { describeError, describeForm, type ObserveHooks } from "./observe.ts";

/** Observes one call from its start to the end of its content. */
export async function observeFetch(
  method: string,
  start: () => Promise<Response>,
  reader: FetchReader,
  hooks: ObserveHooks = {},
): Promise<Observation> {
  const began = performance.now();
  let seen: Observation = { method, after: 0 };
  try {
    const response = await start();
    const { status, statusText, ok, url, redirected, headers } = response;
    seen = { ...seen, status, statusText, ok, url, redirected, headers: [...headers] };
    if (!(response instanceof Response)) throw new RangeError("it is no Response of the platform");
    hooks.onHead?.();
    const content = await readContent(response, reader, hooks);
    if (content !== undefined) seen = { ...seen, content };
  } catch (error) {
    seen = { ...seen, error: describeFailure(error) };
  }
  return { ...seen, after: performance.now() - began };
}

async function readContent(
  response: Response,
  reader: FetchReader,
  hooks: ObserveHooks,
): Promise<unknown> {
  if (typeof reader === "function") return reader(response);
  switch (reader) {
    case "text":
    case "json":
      return response[reader]();
    case "blob":
      return (await response.blob()).text();
    case "formData":
      // Of little forms, and the platform's to read.
      // oxlint-disable-next-line typescript/no-deprecated
      return describeForm(await response.formData());
    case "pieces": {
      let all = "";
      const pieces = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
      for (let next = await pieces?.read(); next && !next.done; next = await pieces?.read()) {
        all += fromBytes(next.value);
        hooks.onPiece?.();
      }
      return all;
    }
    case "nothing":
      return undefined;
  }
}

/** A `fetch` fails with a TypeError or with the reason of its signal, and with nothing of the session's itself. */
function describeFailure(error: unknown): ObservedError {
  const { message } = error as Partial<Error>;
  if (isHttpError(error)) return { ...describeError(error), http: false };
  if (!(error instanceof TypeError))
    return { ...describeError(error), http: !(error instanceof RangeError), cause: error };
  const behind = isHttpError(error.cause) ? describeError(error.cause) : { fields: {} };
  return { ...behind, http: true, name: "TypeError", message: message ?? "", error };
}
