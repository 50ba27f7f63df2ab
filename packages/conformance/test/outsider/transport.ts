/*
 * A transport as an outsider would write it, from CONTRIBUTING: over bare node:http, with the pieces that Node transports
 * share for what node:http gets wrong. It passes the whole suite, and the broken transports are this one with one thing
 * spoilt.
 */

import http, { type Agent, type IncomingMessage } from "node:http";
import https from "node:https";
import { fullCapabilities, type Transport, type TransportRequest } from "@anyhttp/core";
import {
  type ConnectOptions,
  exchange,
  NodeAgents,
  nodeDecoders,
  nodeEncoders,
  Upload,
} from "@anyhttp/node-connect";

/** Makes the transport. */
export function outsiderTransport(options: ConnectOptions = {}): Transport {
  const agents = new NodeAgents(options);
  return {
    name: "outsider",
    capabilities: fullCapabilities,
    decoders: nodeDecoders,
    encoders: nodeEncoders,
    send: (request) => exchange(agents, { call, seesHead: false }, request),
    idle: () => agents.idle(),
    close: () => agents.close(),
  };
}

/** What is the library's own: making a request, sending its content, and handing over the response. */
function call(
  { target }: TransportRequest,
  agent: Agent,
  content: Buffer | Upload | null,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port, path } = target;
    const { request } = protocol === "https:" ? https : http;
    // The agent sees to method and fields; the library has only to know whether there is content.
    const client = request({ agent, hostname, port, path, method: content ? "POST" : "GET" });
    client.on("response", resolve).on("error", reject);
    if (content instanceof Upload) content.pipe(client);
    else client.end(content ?? undefined);
  });
}
