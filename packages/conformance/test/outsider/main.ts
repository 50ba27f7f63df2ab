/* The outsider's transport as a module for `--transport`. */

export { outsiderTransport as default } from "./transport.ts";
