/* anyhttp over node-fetch 3. The work on the connection is shared with the other Node transports: node-connect. */

export { nodeFetchTransport, type NodeFetchTransportOptions } from "./transport.ts";
