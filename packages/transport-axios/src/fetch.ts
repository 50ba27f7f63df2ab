/*
 * axios on its fetch adapter. What it would make of the request and of failures is not what goes out and comes back:
 * the fetch that it is given sends what fetch-connect has written, and keeps what came.
 */

import type { Transport } from "@anyhttp/core";
import { type FetchCall, overFetch, wrong } from "@anyhttp/fetch-connect";
import type { AxiosInstance, AxiosRequestConfig } from "axios";
import * as library from "axios";
import { plainFetch } from "./plain.ts";

const tooOld = (what: string): Error =>
  wrong(`${what} has no fetch adapter that can be given a fetch`, "Use axios 1.12 or later.");

/** The transport over axios' fetch adapter. */
export function overFetchAdapter(instance: AxiosInstance | undefined): Transport {
  const { fetch } = globalThis;
  if (typeof fetch !== "function")
    throw wrong("this runtime has no fetch", "Use another adapter, or another transport.");
  // Its types do not know it.
  const { VERSION } = library as { VERSION?: string };
  const [, minor = 0] = VERSION?.split(".").map(Number) ?? [];
  if (!instance && minor < 12) throw tooOld(`axios ${VERSION}`);
  const axios = instance ?? new library.Axios({ ...plainFetch });
  const call: FetchCall = async (url, init) => {
    const below = new Below(fetch, url, init);
    const config: AxiosRequestConfig = {
      ...plainFetch,
      url,
      method: init.method as string,
      data: init.body,
      env,
      fetchOptions: { below },
    };
    const answer = await axios.request<ReadableStream | null>(config).catch((error: unknown) => {
      below.response?.body?.cancel().catch(() => undefined);
      throw below.failed ? below.error : error;
    });
    const { response } = below;
    if (!response) throw tooOld("the instance given to the transport");
    // An interceptor may have put another in its place.
    if (answer.data !== response.body)
      Object.defineProperty(response, "body", { value: answer.data });
    return response;
  };
  // What is built on an instance sees the content too, which must not go past fetch then.
  return overFetch("axios-fetch", call, instance);
}

/** One request on its way through axios. A class, because axios copies what is plain. */
class Below {
  response: Response | null = null;
  failed = false;
  error: unknown = undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly init: RequestInit;

  constructor(fetch: typeof globalThis.fetch, url: string, init: RequestInit) {
    this.fetch = fetch;
    this.url = url;
    this.init = init;
  }
}

/** What axios calls. One for all, because axios keeps what it makes of each. */
async function send(_input: unknown, given?: RequestInit & { below?: Below }): Promise<Response> {
  const below = given?.below as Below;
  const { fetch, url, init } = below;
  // Content is axios' to hand on; the head is not.
  if (given?.body !== init.body) init.body = given?.body ?? null;
  try {
    return (below.response = await fetch(url, init));
  } catch (error) {
    below.failed = true;
    throw (below.error = error);
  }
}

/** Without a `Request`, in which fetch's own members would be lost: axios then hands over what it would make one of. */
const env: NonNullable<AxiosRequestConfig["env"]> = Object.freeze({
  fetch: send,
  Request: null,
} as object);
