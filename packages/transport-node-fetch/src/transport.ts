/* The transport: what node-fetch is asked, and what is declared about it. */

import {
  fullCapabilities,
  httpError,
  type Capabilities,
  type ContentDecoders,
  type ContentEncoders,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@anyhttp/core";
import {
  type ConnectOptions,
  exchange,
  type Library,
  NodeAgents,
  nodeDecoders,
  nodeEncoders,
  ownMembers,
} from "@anyhttp/node-connect";
import nodeFetch from "node-fetch";
import type { Agent } from "node:http";
import type { Readable } from "node:stream";
import { plainRequest } from "./plain.ts";

/** What node-fetch is given, as far as both of its versions have types for it. */
export interface NodeFetchInit {
  readonly method: string;
  readonly agent: Agent;
  readonly body?: Buffer | NodeJS.ReadableStream;
}

/** The function of node-fetch, 2 or 3. */
export type NodeFetch = (
  url: string,
  init: NodeFetchInit,
) => Promise<{ readonly body: NodeJS.ReadableStream | null }>;

/** How {@link nodeFetchTransport} connects, and through which function. */
export interface NodeFetchTransportOptions extends ConnectOptions {
  /**
   * A node-fetch of your own: another copy, or a function around it. It is given node-fetch's options and must pass
   * them on, the `agent` above all. It sees the method and the content only as node-fetch needs them: the head of the
   * request is written below it.
   */
  readonly fetch?: NodeFetch;
}

/**
 * Makes a transport over node-fetch, 2 or 3: the one that is installed, or the one given.
 * @throws `ERR_INVALID_OPTION` for options that do not exist or are of the wrong kind.
 */
export function nodeFetchTransport(options: NodeFetchTransportOptions = {}): Transport {
  return new NodeFetchTransport(options);
}

class NodeFetchTransport implements Transport {
  readonly name: string = "node-fetch";
  readonly capabilities: Capabilities = fullCapabilities;
  readonly decoders: ContentDecoders = nodeDecoders;
  readonly encoders: ContentEncoders = nodeEncoders;
  readonly #agents: NodeAgents;
  readonly #library: Library;

  constructor(options: NodeFetchTransportOptions) {
    this.#agents = new NodeAgents(options, ["fetch"]);
    const { fetch = nodeFetch } = ownMembers(options);
    if (typeof fetch !== "function") {
      throw httpError("ERR_INVALID_OPTION", {
        what: "`fetch` is not a function",
        remedy: "Pass node-fetch's, or leave it out.",
      });
    }
    this.#library = libraryOf(fetch, fetch !== nodeFetch);
  }

  send(request: TransportRequest): Promise<TransportResponse> {
    return exchange(this.#agents, this.#library, request);
  }

  idle(): ReadonlyMap<string, number> {
    return this.#agents.idle();
  }

  close(): Promise<void> {
    return this.#agents.close();
  }
}

function libraryOf(fetch: NodeFetch, foreign: boolean): Library {
  return {
    seesHead: foreign,
    call(request, agent, content) {
      // Without a prototype, in which node-fetch would look for members that are not given.
      const init = Object.assign(Object.create(null) as typeof plainRequest, plainRequest, {
        // node-fetch refuses content with GET and HEAD; the true method is set where the head is written.
        method: content ? "POST" : "GET",
        agent,
        ...(content && { body: content }),
      });
      return fetch(request.target.href, init).then(contentOf);
    },
  };
}

function contentOf({ body }: Awaited<ReturnType<NodeFetch>>): Readable {
  return body as Readable;
}
