/* The factory: a transport over connections of its own, or over a dispatcher that the user brought. */

import { fullCapabilities, httpError, type Capabilities, type Transport } from "@anyhttp/core";
import {
  type ConnectOptions,
  connectSettings,
  nodeDecoders,
  nodeEncoders,
  ownMembers,
} from "@anyhttp/node-connect";
import type { Dispatcher } from "undici";
import { DispatchExchange } from "./dispatch-exchange.ts";
import { Lanes } from "./lanes.ts";

/** Options of {@link undiciTransport}. */
export interface UndiciTransportOptions extends ConnectOptions {
  /**
   * The user's own dispatcher (Agent, ProxyAgent, MockAgent …). It is never closed, and it decides about connections, so
   * that no other option goes with it. Its own helpfulness, such as redirect interceptors, stays on.
   */
  readonly dispatcher?: Dispatcher;
}

/** Connecting happens inside the dispatcher, out of sight. */
const throughDispatcher: Capabilities = Object.freeze({
  ...fullCapabilities,
  uploadProgress: "handed-over",
  connectTimeout: "merged",
  connectionInfo: "hidden",
  connectionPool: "hidden",
  tls: "ambient",
  // The head goes out before undici would send it, on a connection that is seen.
  expectContinue: "none",
});

/**
 * A transport over undici 7 or 8, at the level of `dispatch`.
 * @throws `ERR_INVALID_OPTION` for unknown names and wrong types.
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  const settings = connectSettings(options, ["dispatcher"]);
  const { dispatcher } = ownMembers(options);
  if (dispatcher !== undefined) {
    const other = Object.keys(options).find((name) => name !== "dispatcher");
    if (other !== undefined || typeof dispatcher?.dispatch !== "function") {
      throw httpError("ERR_INVALID_OPTION", {
        what: other
          ? `the option ${other} cannot go with a dispatcher`
          : "the option dispatcher is not a dispatcher",
        remedy: other
          ? "Set it on the dispatcher."
          : "Pass an Agent, a Pool or another Dispatcher of undici.",
      });
    }
    return {
      name: "undici",
      capabilities: throughDispatcher,
      decoders: nodeDecoders,
      encoders: nodeEncoders,
      send: (request) => new DispatchExchange(request, null).start(dispatcher),
      idle: () => null,
      close: () => Promise.resolve(),
    };
  }
  const lanes = new Lanes(settings);
  return {
    name: "undici",
    capabilities: fullCapabilities,
    decoders: nodeDecoders,
    encoders: nodeEncoders,
    send(request) {
      const lane = lanes.take(request.target);
      const exchange = new DispatchExchange(request, lane);
      return exchange.start(lane.client);
    },
    idle: () => lanes.idle(),
    close: () => lanes.close(),
  };
}
