/* anyhttp over axios' http adapter. The work on the connection is shared with the other Node transports: node-connect. */

export { axiosTransport, type AxiosTransportOptions } from "./transport.ts";
