/* What is compared: each makes one small JSON GET and returns the parsed content. */

import { Session, type Transport } from "@anyhttp/core";
import { Agent as HttpAgent } from "node:http";

/** One way of making the call. */
export interface Contestant {
  call(): Promise<unknown>;
  close(): Promise<void>;
}

/** Who is measured against whom, and what the ratio should at least be: shown, never asserted. */
export const field: readonly {
  readonly name: string;
  readonly against: string;
  readonly wanted: number | null;
}[] = [
  { name: "undici.request", against: "undici.request", wanted: null },
  { name: "axios", against: "axios", wanted: null },
  { name: "node-fetch", against: "node-fetch", wanted: null },
  { name: "native fetch", against: "native fetch", wanted: null },
  { name: "session on undici", against: "undici.request", wanted: 1.3 },
  { name: "session on axios", against: "axios", wanted: 1 },
  { name: "session on node-fetch", against: "node-fetch", wanted: 1 },
  { name: "session on fetch", against: "native fetch", wanted: 0.9 },
];

const makers: Readonly<Record<string, (url: string, flight: number) => Promise<Contestant>>> = {
  "undici.request": async (url, flight) => {
    const { Agent, request } = await import("undici");
    const dispatcher = new Agent({ connections: flight, pipelining: 1 });
    return {
      call: async () => (await request(url, { dispatcher })).body.json(),
      close: () => dispatcher.close(),
    };
  },
  axios: async (url, flight) => {
    const { create } = await import("axios");
    const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: flight });
    const axios = create({ httpAgent, proxy: false });
    return {
      call: async () => (await axios.get<unknown>(url)).data,
      close: async () => httpAgent.destroy(),
    };
  },
  "node-fetch": async (url, flight) => {
    const { default: fetch } = await import("node-fetch");
    const agent = new HttpAgent({ keepAlive: true, maxSockets: flight });
    return {
      call: async () => (await fetch(url, { agent })).json(),
      close: async () => agent.destroy(),
    };
  },
  "native fetch": async (url) => ({
    call: async () => (await fetch(url)).json() as Promise<unknown>,
    close: () => Promise.resolve(),
  }),
  "session on undici": async (url, flight) =>
    session((await import("@anyhttp/transport-undici")).undiciTransport(), url, flight),
  "session on axios": async (url, flight) =>
    session((await import("@anyhttp/transport-axios")).axiosTransport(), url, flight),
  "session on node-fetch": async (url, flight) =>
    session((await import("@anyhttp/transport-node-fetch")).nodeFetchTransport(), url, flight),
  "session on fetch": async (url, flight) =>
    session((await import("@anyhttp/transport-fetch")).fetchTransport(), url, flight),
};

/** Makes a contestant for an origin. `flight`: how many calls it will have at once, on as many connections. */
export function contestant(name: string, url: string, flight: number): Promise<Contestant> {
  const make = makers[name];
  if (!make) throw new Error(`there is no contestant ${name}`);
  return make(url, flight);
}

function session(transport: Transport, url: string, flight: number): Contestant {
  const made = new Session({ transport, limits: { perOrigin: flight } });
  return { call: () => made.get(url).json(), close: () => made.close() };
}
