/* All of core, with a session that brings its transport, and functions for calls that need no session of their own. */

export * from "@anyhttp/core";
export { Session, type SessionOptions } from "./session.ts";
export { defaultTransport } from "#transport";
export { delete, type Call, get, head, options, patch, post, put, request } from "./calls.ts";
