/* What the package offers. First what applications and libraries use, then what transports are built from. */

export { fullCapabilities, type Capabilities } from "./capabilities.ts";
export * from "./errors.ts";
export type { ErrorCode, ErrorKind, Phase, RequestSent } from "./error-codes.ts";
export { errorCodes } from "./error-codes.ts";

// For transports.
export type * from "./transport.ts";
export type { ContentDecoder, ContentDecoders, DecoderFactory } from "./content/decoder.ts";
export { Inlet, type InletSource } from "./content/inlet.ts";
export { pullBody, type PieceReader } from "./content/pull-body.ts";
export { bodyLength, bodyPieces, isStream, piecesToStream, toAbortSignal } from "./content/body.ts";
export { webDecoders } from "./content/web-decoders.ts";
