/* The smallest library there can be: `node:http` itself, so that what is tested is what is shared. */

import type { Transport } from "@anyhttp/core";
import * as http from "node:http";
import * as https from "node:https";
import { type ConnectOptions, exchange, type Library, NodeAgents } from "../../src/index.ts";

const library: Library = {
  seesHead: true,
  call: ({ target, method }, agent, content) =>
    new Promise((resolve, reject) => {
      const { request } = target.protocol === "https:" ? https : http;
      const client = request(target.href, { agent, method }, resolve).on("error", reject);
      if (content === null || Buffer.isBuffer(content)) client.end(content);
      else content.pipe(client);
    }),
};

export function bareTransport(options?: ConnectOptions): Pick<Transport, "send" | "close"> {
  const agents = new NodeAgents(options);
  return {
    send: (request) => exchange(agents, library, request),
    close: () => agents.close(),
  };
}
