/* anyhttp over node-fetch, 2 or 3. The work on the connection is shared with the other Node transports: node-connect. */

export {
  type NodeFetch,
  type NodeFetchInit,
  nodeFetchTransport,
  type NodeFetchTransportOptions,
} from "./transport.ts";
