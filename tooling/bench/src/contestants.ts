/* What is compared: each makes one small JSON GET and returns the parsed content. */

import { Session } from "@anyhttp/core";
import { axiosTransport } from "@anyhttp/transport-axios";
import { fetchTransport } from "@anyhttp/transport-fetch";
import { nodeFetchTransport } from "@anyhttp/transport-node-fetch";
import { undiciTransport } from "@anyhttp/transport-undici";
import type { Transport } from "@anyhttp/core";
import { create } from "axios";
import { Agent as HttpAgent } from "node:http";
import nodeFetch from "node-fetch";
import { Agent, request } from "undici";

/** One way of making the call, and what it is measured against. */
export interface Contestant {
  readonly name: string;
  /** The contestant that it is compared with. */
  readonly against: string;
  /** What its ratio must at least be; shown, not asserted: a clock is no test. */
  readonly target: number | null;
  call(): Promise<unknown>;
  close(): Promise<void>;
}

/** Fresh contestants for an origin. `connections`: how many each may use. */
export function contestants(url: string, connections: number): Contestant[] {
  const agent = new Agent({ connections, pipelining: 1 });
  const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: connections });
  const axiosInstance = create({ httpAgent, proxy: false });
  const nothing = async (): Promise<void> => undefined;
  return [
    {
      name: "undici.request",
      against: "undici.request",
      target: null,
      call: async () => (await request(url, { dispatcher: agent })).body.json(),
      close: () => agent.close(),
    },
    {
      name: "axios",
      against: "axios",
      target: null,
      call: async () => (await axiosInstance.get(url)).data as unknown,
      close: nothing,
    },
    {
      name: "node-fetch",
      against: "node-fetch",
      target: null,
      call: async () => (await nodeFetch(url, { agent: httpAgent })).json(),
      close: async () => httpAgent.destroy(),
    },
    {
      name: "native fetch",
      against: "native fetch",
      target: null,
      call: async () => (await fetch(url)).json() as Promise<unknown>,
      close: nothing,
    },
    session("session on undici", "undici.request", 1.3, undiciTransport(), url, connections),
    session("session on axios", "axios", 1, axiosTransport(), url, connections),
    session("session on node-fetch", "node-fetch", 1, nodeFetchTransport(), url, connections),
    session("session on fetch", "native fetch", 0.9, fetchTransport(), url, connections),
  ];
}

function session(
  name: string,
  against: string,
  target: number,
  transport: Transport,
  url: string,
  connections: number,
): Contestant {
  const made = new Session({ transport, limits: { perOrigin: connections } });
  return { name, against, target, call: () => made.get(url).json(), close: () => made.close() };
}
