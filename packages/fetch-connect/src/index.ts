/* What transports over a platform's fetch share: facts found by asking it, one exchange, failures. Runs anywhere. */

export { broken, type FetchCall, isLength, overFetch } from "./exchange.ts";
export { contentOnce, fieldRecord } from "./request.ts";
export { unsupported, wrong } from "./refuse.ts";
export { mapContentError, mapFetchError } from "#platform";
export { plainRequest } from "./runtime.ts";
