/* anyhttp over the platform's own fetch, on any runtime. */

export { fetchTransport, type FetchTransportOptions } from "./transport.ts";
