/* What Node transports share: opening connections, pooling them, one exchange over `node:http`, errors, decoders. */

export {
  type ConnectOptions,
  type ConnectSettings,
  connectSettings,
  type TlsConnectOptions,
} from "./connect-options.ts";
export { connectionInfo, type OpenCallback, type Opening, openSocket } from "./open-socket.ts";
export { mapNodeError, type Situation } from "./map-error.ts";
export { nodeDecoders } from "./decoders.ts";
