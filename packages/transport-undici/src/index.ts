/* anyhttp over undici: the factory, and the settings that make undici do one exchange and nothing else. */

export { inert } from "./inert.ts";
export { type UndiciTransportOptions, undiciTransport } from "./undici-transport.ts";
