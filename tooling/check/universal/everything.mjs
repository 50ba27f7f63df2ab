// The whole public interface of core and of the fetch transport: what a browser application can at most load.
export * from "@anyhttp/core";
export * from "@anyhttp/transport-fetch";
