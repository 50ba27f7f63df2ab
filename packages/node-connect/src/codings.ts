/* What Node codes and decodes, for whoever needs nothing else of this package. */

export { nodeDecoders } from "./decoders.ts";
export { nodeEncoders } from "./encoders.ts";
