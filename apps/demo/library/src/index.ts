// A typed client of httpbin-like services that runs on any transport.
export { type CallOptions, HttpbinClient, type HttpbinOptions } from "./client.ts";
export type { Echo, Page, RequestFacts, Values } from "./echo.ts";
