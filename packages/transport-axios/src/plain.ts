/* What makes axios do nothing but what it is asked. */

import type { AxiosRequestConfig } from "axios";

/** Switches axios' helpfulness off. Sent with every request, so that the defaults of a user's instance do not count. */
export const plainRequest: Readonly<AxiosRequestConfig> = Object.freeze({
  adapter: "http",
  // An instance's base and parameters are not part of a URL that core has resolved.
  baseURL: "",
  allowAbsoluteUrls: true,
  params: null,
  // Core follows redirects. 0 also keeps follow-redirects, which buffers uploads, out of the way.
  maxRedirects: 0,
  beforeRedirect: () => undefined,
  // Core decides what a status means.
  validateStatus: null,
  // Core decodes, strictly; and content is handed over as it comes.
  decompress: false,
  responseType: "stream",
  transformRequest: [],
  transformResponse: [],
  // Core has the limits, and the clocks.
  maxContentLength: -1,
  maxBodyLength: -1,
  timeout: 0,
  // No proxy variables; no credentials or tokens of axios' own.
  proxy: false,
  withCredentials: false,
  withXSRFToken: false,
  xsrfCookieName: "",
  xsrfHeaderName: "",
  insecureHTTPParser: false,
} satisfies AxiosRequestConfig);
