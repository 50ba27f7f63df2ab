/* axios on its http adapter, which is for Node. The work on the connection is shared with others: node-connect. */

import {
  fullCapabilities,
  type Capabilities,
  type ContentDecoders,
  type ContentEncoders,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@anyhttp/core";
import {
  exchange,
  type Library,
  NodeAgents,
  nodeDecoders,
  nodeEncoders,
} from "@anyhttp/node-connect";
import { Axios, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from "axios";
import type { Readable } from "node:stream";
import type { HttpOptions } from "./options.ts";
import { plainRequest } from "./plain.ts";

/** The transport over axios' http adapter. */
export function overHttp(options: HttpOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly name: string = "axios";
  readonly capabilities: Capabilities = fullCapabilities;
  readonly decoders: ContentDecoders = nodeDecoders;
  readonly encoders: ContentEncoders = nodeEncoders;
  readonly #agents: NodeAgents;
  readonly #library: Library;

  constructor({ instance, ...options }: HttpOptions) {
    this.#agents = new NodeAgents(options, ["adapter", "instance"]);
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
