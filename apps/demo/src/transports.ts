// The four transports by name. Each is loaded only when it is asked for.
import { createRequire } from "node:module";
import tls from "node:tls";
import type { Transport } from "@anyhttp/core";

/** In the order in which they are shown. */
export const transportNames = ["undici", "axios", "node-fetch", "fetch"] as const;

export type TransportName = (typeof transportNames)[number];

/** Makes a transport. `ca` is a PEM certificate to trust in addition to the system's. */
export async function openTransport(name: TransportName, ca?: string): Promise<Transport> {
  const options =
    ca === undefined ? {} : { tls: { ca: [...tls.getCACertificates("default"), ca] } };
  switch (name) {
    case "undici":
      return (await import("@anyhttp/transport-undici")).undiciTransport(options);
    case "axios":
      return (await import("@anyhttp/transport-axios")).axiosTransport(options);
    case "node-fetch":
      return (await import("@anyhttp/transport-node-fetch")).nodeFetchTransport(options);
    case "fetch":
      // Platform fetch takes no CA: on Node, trust belongs to the process (capability tls: "ambient").
      if (ca !== undefined) trustInProcess(ca);
      return (await import("@anyhttp/transport-fetch")).fetchTransport();
  }
}

/** Where the trust in a private CA comes from, for the tour to say so. */
export function trustOf(name: TransportName): string {
  return name === "fetch" ? "trusted by the process" : "trusted by the transport's tls.ca";
}

/** Which release of the library does the work. */
export function releaseOf(name: TransportName): string {
  if (name === "fetch") return `of Node ${process.versions.node}`;
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return version;
}

function trustInProcess(ca: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), ca]);
}
