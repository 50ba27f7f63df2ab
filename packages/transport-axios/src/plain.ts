/* What makes axios do nothing but what it is asked, on each of its adapters. */

import type { AxiosRequestConfig } from "axios";

/** On any adapter. Sent with every request, so that the defaults of a user's instance do not count. */
const plain = {
  // An instance's base and parameters are not part of a URL that core has resolved.
  baseURL: "",
  allowAbsoluteUrls: true,
  params: null,
  // Core decides what a status means.
  validateStatus: null,
  transformRequest: [],
  transformResponse: [],
  // Core has the limits, and the clocks.
  maxContentLength: -1,
  maxBodyLength: -1,
  timeout: 0,
  // No credentials or tokens of axios' own.
  withCredentials: false,
  withXSRFToken: false,
  xsrfCookieName: "",
  xsrfHeaderName: "",
} as const satisfies AxiosRequestConfig;

/** On the http adapter. */
export const plainRequest: Readonly<AxiosRequestConfig> = Object.freeze({
  ...plain,
  adapter: "http",
  // Core follows redirects. 0 also keeps follow-redirects, which buffers uploads, out of the way.
  maxRedirects: 0,
  beforeRedirect: () => undefined,
  // Core decodes, strictly; and content is handed over as it comes.
  decompress: false,
  responseType: "stream",
  // No proxy variables.
  proxy: false,
  insecureHTTPParser: false,
} satisfies AxiosRequestConfig);

/** On the fetch adapter. What fetch itself is asked is written below axios, by fetch-connect. */
export const plainFetch: Readonly<AxiosRequestConfig> = Object.freeze({
  ...plain,
  adapter: "fetch",
  responseType: "stream",
} satisfies AxiosRequestConfig);

/** On the xhr adapter. */
export const plainXhr: Readonly<AxiosRequestConfig> = Object.freeze({
  ...plain,
  adapter: "xhr",
  // Text would be decoded, and lose a byte order mark.
  responseType: "arraybuffer",
} satisfies AxiosRequestConfig);

/** Bytes without a key for each: axios walks through those when its error is told as JSON, for minutes in WebKit. */
export function keyless(content: Uint8Array<ArrayBuffer> | Blob): DataView<ArrayBuffer> | Blob {
  if (!(content instanceof Uint8Array)) return content;
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}

/** A sign of content, without any. */
export const noOctets: Uint8Array<ArrayBuffer> = new Uint8Array(0);
