/* What axiosTransport may be told. */

import type { ConnectOptions } from "@anyhttp/node-connect";
import type { AxiosInstance } from "axios";

/** Through which adapter and instance `axiosTransport` sends, and how the http adapter connects. */
export interface AxiosTransportOptions extends ConnectOptions {
  /**
   * Which of axios' adapters carries the exchange: `"http"` (Node alone), `"fetch"` (axios 1.12 or later) or `"xhr"`
   * (browsers). Default: `"http"` on Node, `"fetch"` elsewhere.
   */
  readonly adapter?: "http" | "fetch" | "xhr";
  /**
   * An instance of your own. Its interceptors run; its defaults do not count. What an interceptor changes of the head
   * of the request is not sent: middleware of the session is the place for that.
   */
  readonly instance?: AxiosInstance;
}

/** What is left of them for the http adapter. */
export type HttpOptions = Omit<AxiosTransportOptions, "adapter">;
