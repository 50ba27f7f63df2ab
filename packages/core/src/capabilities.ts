/*
 * What transports can and cannot do, as facts with named values. Core refuses what a capability rules out; the
 * conformance suite probes every value both ways, so neither an overstatement nor an understatement survives.
 */

/** The first value of each key is the best one; a new key breaks every transport's build on purpose. */
export interface Capabilities {
  /** `"visible"`: a 3xx response arrives as it is. `"opaque"`: the platform follows it or hides it. */
  readonly redirects: "visible" | "opaque";
  /** `"raw"`: content arrives as sent, for core to decode strictly. `"decoded"`: the platform has decoded it. */
  readonly contentCoding: "raw" | "decoded";
  /** Whether request content can be sent while it is produced, or must be whole before. */
  readonly requestStreaming: "half-duplex" | "none";
  /** `"streamed"`: response content is handed over while it comes. `"whole"`: once all of it is there, and the head with its first octet. */
  readonly responseStreaming: "streamed" | "whole";
  /** Whether streamed content of a known length goes out with `content-length`, or chunked all the same. */
  readonly streamLength: "declared" | "chunked";
  /**
   * What upload progress counts. `"written"`: bytes that the connection has taken. `"handed-over"`: bytes that the
   * platform has taken, which may keep some of them, or all, for later.
   */
  readonly uploadProgress: "written" | "handed-over";
  /** Whether a GET or HEAD request may have content. */
  readonly getContent: "sent" | "refused";
  /** `"any"` token, or all but those that Fetch forbids (`TRACE`, `TRACK`). */
  readonly methods: "any" | "fetch";
  /** Whether `set-cookie` fields of responses can be seen. */
  readonly setCookie: "visible" | "hidden";
  /** `"raw"`: field lines in order, with their case, apart. `"combined"`: lower case, sorted, joined with commas. */
  readonly fieldLines: "raw" | "combined";
  /** Whether trailer fields of responses are handed over. */
  readonly trailers: "exposed" | "discarded";
  /** Whether failures tell what failed and in which phase, or all look alike. */
  readonly failureDetail: "phased" | "opaque";
  /** `"exact"`: connecting is seen, so it has a clock of its own. `"merged"`: `connect` + `response` run as one. */
  readonly connectTimeout: "exact" | "merged";
  /** Fields that the caller may not set: none, or Fetch's forbidden request-headers. */
  readonly forbiddenFields: "none" | "fetch";
  /** Whether the platform adds fields of its own, such as `accept-language` or `sec-fetch-mode`. */
  readonly addedFields: "none" | "platform";
  /** Whether the HTTP version of the response and the connection's addresses are known. */
  readonly connectionInfo: "exposed" | "hidden";
  /** Whether the number of idle connections is known, or the pool is the platform's own affair. */
  readonly connectionPool: "visible" | "hidden";
  /** `"manual"`: cookies are the caller's to send. `"ambient"`: the platform keeps and sends its own, and no others. */
  readonly cookies: "manual" | "ambient";
  /** Whether CA, client certificate and server name can be set per transport, or are the runtime's. */
  readonly tls: "configurable" | "ambient";
  /**
   * `"waits"`: a request that expects 100 (Continue) is sent head first, and its content when it is asked to be; this
   * takes `requestStreaming` too. `"none"`: head and content go as one.
   */
  readonly expectContinue: "waits" | "none";
  /** Whether informational responses (1xx) are told, or passed over in silence. */
  readonly informational: "exposed" | "hidden";
}

/** Everything at its best: what a transport that owns its sockets declares. */
export const fullCapabilities: Capabilities = Object.freeze({
  redirects: "visible",
  contentCoding: "raw",
  requestStreaming: "half-duplex",
  responseStreaming: "streamed",
  streamLength: "declared",
  uploadProgress: "written",
  getContent: "sent",
  methods: "any",
  setCookie: "visible",
  fieldLines: "raw",
  trailers: "exposed",
  failureDetail: "phased",
  connectTimeout: "exact",
  forbiddenFields: "none",
  addedFields: "none",
  connectionInfo: "exposed",
  connectionPool: "visible",
  cookies: "manual",
  tls: "configurable",
  expectContinue: "waits",
  informational: "exposed",
});
