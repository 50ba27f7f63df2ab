/* The transport: what axios is asked, and what is declared about it. */

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
import { Axios, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from "axios";
import type { Readable } from "node:stream";
import { plainRequest } from "./plain.ts";

/** How {@link axiosTransport} connects, and through which instance. */
export interface AxiosTransportOptions extends ConnectOptions {
  /**
   * An instance of your own. Its interceptors run; its defaults do not count. What an interceptor changes of the head
   * of the request is not sent: middleware of the session is the place for that.
   */
  readonly instance?: AxiosInstance;
}

/**
 * Makes a transport over axios, with its http adapter.
 * @throws `ERR_INVALID_OPTION` for options that do not exist or are of the wrong kind.
 */
export function axiosTransport(options: AxiosTransportOptions = {}): Transport {
  return new AxiosTransport(options);
}

class AxiosTransport implements Transport {
  readonly name: string = "axios";
  readonly capabilities: Capabilities = fullCapabilities;
  readonly decoders: ContentDecoders = nodeDecoders;
  readonly encoders: ContentEncoders = nodeEncoders;
  readonly #agents: NodeAgents;
  readonly #library: Library;

  constructor(options: AxiosTransportOptions) {
    this.#agents = new NodeAgents(options, ["instance"]);
    const { instance } = ownMembers(options);
    if (
      instance !== undefined &&
      typeof (instance as Partial<AxiosInstance> | null)?.request !== "function"
    ) {
      throw httpError("ERR_INVALID_OPTION", {
        what: "`instance` is not an axios instance",
        remedy: "Pass what axios.create() returns, or leave it out.",
      });
    }
    this.#library = instance ? libraryOver(instance) : ownLibrary();
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

/** Without defaults but those that switch axios off, which saves it to merge its own with them for each request. */
function ownLibrary(): Library {
  const axios = new Axios({ ...plainRequest });
  return {
    seesHead: false,
    call: (request, agent, content) =>
      axios.request(asked(request, agent, content)).then(contentOf),
  };
}

function libraryOver(instance: AxiosInstance): Library {
  return {
    seesHead: true,
    call: (request, agent, content) =>
      instance.request({ ...plainRequest, ...asked(request, agent, content) }).then(contentOf),
  };
}

function asked(...[request, agent, content]: Parameters<Library["call"]>): AxiosRequestConfig {
  return {
    url: request.target.href,
    method: request.method,
    data: content,
    httpAgent: agent,
    httpsAgent: agent,
  };
}

function contentOf(response: AxiosResponse<Readable>): Readable {
  return response.data;
}
