/* What an exchange wants of the library that makes its request. */

import type { TransportRequest } from "@anyhttp/core";
import type { Agent } from "node:http";
import type { Readable } from "node:stream";
import type { Upload } from "./upload.ts";

/** How a library is called. */
export interface Library {
  /**
   * Makes and writes a request with this agent and this content. Method and header fields need not be right, only fit
   * for the library: the agent sees to them. Resolves with the stream of the response's content, or never, if the
   * library does not see the response.
   */
  call(request: TransportRequest, agent: Agent, content: Buffer | Upload | null): Promise<Readable>;
  /**
   * Whether the library sees the response, so that whatever is built on it sees it too. If not, the response is read
   * below it, which costs half: what the library has listening to `response` by the end of the tick in which it makes
   * the request is taken away. What it would do there, for redirects and coded content, is not wanted anyway. Its
   * promise is then forgotten with the request. What it has listening to `socket` is taken away in any case: node-fetch 2
   * would break sound content off.
   */
  readonly seesHead: boolean;
}
