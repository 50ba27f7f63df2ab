/* anyhttp over axios, on any of its adapters. */

export { axiosTransport } from "./transport.ts";
export type { AxiosTransportOptions } from "./options.ts";
