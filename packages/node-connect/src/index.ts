/* What Node transports share: opening connections, pooling them, one exchange over `node:http`, errors, decoders. */

export {
  type ConnectOptions,
  type ConnectSettings,
  connectSettings,
  ownMembers,
  type TlsConnectOptions,
} from "./connect-options.ts";
export { connectionInfo, type OpenCallback, type Opening, openSocket } from "./open-socket.ts";
export { mapNodeError, type Situation } from "./map-error.ts";
export { nodeDecoders, nodeEncoders } from "./codings.ts";
export { NodeAgents, type Requester } from "./agents.ts";
export { exchange } from "./exchange.ts";
export type { Library } from "./library.ts";
export { type ContentOwner, IncomingBody } from "./incoming-body.ts";
export { Upload } from "./upload.ts";
export { isPlainlyFramed } from "./request-head.ts";
export { cutShort } from "./tls-end.ts";
export { readFirst } from "./read-first.ts";
export { afterPoll, isUnseen } from "./poll.ts";
