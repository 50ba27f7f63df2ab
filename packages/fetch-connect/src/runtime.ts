/*
 * What the fetch of this runtime is like, found by asking it: nothing is assumed from its name but what only
 * Node's does. What it cannot tell about itself follows from whether it guards Fetch's forbidden fields, as only
 * browsers do.
 */

import type { Capabilities } from "@anyhttp/core";
import { particulars } from "#platform";

/** Switches the platform's helpfulness off. */
export const plainRequest: {
  readonly server: Readonly<RequestInit>;
  readonly browser: Readonly<RequestInit>;
} = Object.freeze({
  // Core follows redirects. There is no cache here, no credentials and no page to refer to; `cache: "no-store"` would
  // send `cache-control` and `pragma`, and some runtimes refuse to be told of things that they do not have.
  server: Object.freeze({ redirect: "manual" } as const),
  // Browsers hide redirects from scripts: following is all that is left.
  browser: Object.freeze({
    redirect: "follow",
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    keepalive: false,
  } as const),
});

const anywhere = "https://anyhttp.invalid/";

/** Makes a `Request`, which sends nothing; `null` if the runtime refuses. */
function attempt(init: RequestInit): Request | null {
  try {
    return new Request(anywhere, init);
  } catch {
    return null;
  }
}

/**
 * The facts about the fetch of this runtime.
 * @param raw Whether content goes past it as it was sent.
 */
export function fetchCapabilities(raw: boolean): Capabilities {
  // Fetch §2.2.2: a guard of browsers, which comes with filtered responses.
  const guarded = !attempt({ headers: { cookie: "a=b" } })?.headers.has("cookie");
  // Where streams are unknown, one is sent as the text "[object ReadableStream]", and typed so. Browsers that know
  // them want HTTP/2, which cannot be told beforehand.
  const duplex = { duplex: "half" } as RequestInit;
  const streamed = guarded
    ? null
    : attempt({ ...duplex, method: "POST", body: new ReadableStream() });
  return Object.freeze({
    redirects: guarded ? "opaque" : "visible",
    contentCoding: raw ? "raw" : "decoded",
    requestStreaming: streamed && !streamed.headers.has("content-type") ? "half-duplex" : "none",
    responseStreaming: "streamed",
    streamLength: "chunked",
    uploadProgress: "handed-over",
    getContent: attempt({ method: "GET", body: "a" }) ? "sent" : "refused",
    methods: attempt({ method: "TRACE" }) ? "any" : "fetch",
    setCookie: guarded ? "hidden" : "visible",
    fieldLines: "combined",
    trailers: "discarded",
    failureDetail: "opaque",
    connectTimeout: "merged",
    forbiddenFields: guarded ? "fetch" : "none",
    addedFields: "platform",
    connectionInfo: "hidden",
    connectionPool: "hidden",
    cookies: guarded ? "ambient" : "manual",
    tls: "ambient",
    // Fetch sends a head with the first piece of content, and tells of no 1xx.
    expectContinue: "none",
    informational: "hidden",
    ...particulars().facts,
  });
}
