/* The transports that can be driven, each loaded only when it is wanted. */

import type { Transport } from "@anyhttp/core";

const makers = {
  undici: async () => (await import("@anyhttp/transport-undici")).undiciTransport(),
  axios: async () => (await import("@anyhttp/transport-axios")).axiosTransport(),
  "node-fetch": async () => (await import("@anyhttp/transport-node-fetch")).nodeFetchTransport(),
  fetch: async () => (await import("@anyhttp/transport-fetch")).fetchTransport(),
} as const satisfies Readonly<Record<string, () => Promise<Transport>>>;

export type TransportName = keyof typeof makers;

export const transportNames = Object.keys(makers) as readonly TransportName[];

export function isTransportName(name: string): name is TransportName {
  return Object.hasOwn(makers, name);
}

export function makeTransport(name: TransportName): Promise<Transport> {
  return makers[name]();
}
