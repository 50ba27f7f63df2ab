/* The transport: which of axios' adapters it is over. */

import type { Transport } from "@anyhttp/core";
import { unsupported, wrong } from "@anyhttp/fetch-connect";
import type { AxiosInstance } from "axios";
import * as http from "#http";
import { overFetchAdapter } from "./fetch.ts";
import type * as noHttp from "./no-http.ts";
import type { AxiosTransportOptions } from "./options.ts";
import { overXhr } from "./xhr.ts";

// The condition `node` decides which of the two modules this is.
const { overHttp }: Pick<typeof noHttp, "overHttp"> = http;

/**
 * Makes a transport over axios, on its http adapter under Node and on its fetch adapter elsewhere.
 * @throws `ERR_INVALID_OPTION` for options that do not exist or are of the wrong kind, and for an adapter that this
 * runtime does not have; `ERR_UNSUPPORTED` for `tls` where the platform makes the connections.
 */
export function axiosTransport(options: AxiosTransportOptions = {}): Transport {
  if (typeof options !== "object" || options === null)
    throw wrong("the options of axiosTransport are not an object", "Pass { adapter, instance }.");
  // Only what was said here: nothing that somebody has left on Object.prototype.
  const { adapter, instance, ...others } = Object.assign(
    Object.create(null) as AxiosTransportOptions,
    options,
  );
  if (
    instance !== undefined &&
    typeof (instance as Partial<AxiosInstance> | null)?.request !== "function"
  )
    throw wrong(
      "`instance` is not an axios instance",
      "Pass what axios.create() returns, or leave it out.",
    );
  const chosen = adapter ?? (overHttp ? "http" : "fetch");
  if (chosen === "http") {
    if (!overHttp) throw wrong("the http adapter is for Node", 'Use `adapter: "fetch"`.');
    return overHttp({ ...others, ...(instance && { instance }) });
  }
  if (chosen !== "fetch" && chosen !== "xhr")
    throw wrong("there is no such `adapter`", 'Pass "http", "fetch" or "xhr".');
  for (const name of Object.keys(others)) {
    if (name === "tls")
      throw unsupported(`axios-${chosen}`, "set `tls`", "tls", "tls", 'use `adapter: "http"`');
    throw wrong(
      `there is no option \`${name}\` with the ${chosen} adapter`,
      "Pass { adapter, instance }.",
    );
  }
  return chosen === "fetch" ? overFetchAdapter(instance) : overXhr(instance);
}
