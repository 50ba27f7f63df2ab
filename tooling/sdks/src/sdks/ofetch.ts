// ofetch: relative URLs go to the base of the session.
import { deepEqual, equal } from "node:assert/strict";
import { toFetch } from "@anyhttp/core";
import { type $Fetch, createFetch, type FetchError } from "ofetch";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, retry: number | false = false): $Fetch =>
  createFetch({ fetch, defaults: { baseURL: origin.url, retry, retryDelay: 1 } });

export const ofetch: Sdk = {
  name: "ofetch",
  given: "`createFetch({ fetch })`",
  checks: {
    JSON: async (kit) => {
      const items = await client(kit)<unknown>("/items", { query: { a: "1 2" } });
      deepEqual(items, [{ id: 7, name: "crate" }]);
      const made = await client(kit)<unknown>("/items", { method: "POST", body: { name: "box" } });
      deepEqual(made, [{ name: "box" }]);
      equal(kit.origin.arrivals[0]?.path, "/items?a=1+2");
      const session = kit.session.extend({ baseUrl: `${kit.origin.url}/base/` });
      await createFetch({ fetch: toFetch(session) })("items");
      equal(kit.origin.arrivals[2]?.path, "/base/items");
    },
    streams: async (kit) => {
      const stream = await client(kit)("/pieces", { responseType: "stream" });
      equal(await new Response(stream).text(), "one\ntwo\nthree\n");
    },
    forms: async (kit) => {
      const body = new FormData();
      body.append("file", new File(["text"], "a.txt", { type: "text/plain" }));
      const { parts } = await client(kit)<{ parts: unknown }>("/upload", { method: "POST", body });
      deepEqual(parts, { file: { name: "a.txt", type: "text/plain", text: "text" } });
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const done = rejection(client(kit)("/silent", { signal: controller.signal }));
      await kit.origin.arrived(1);
      controller.abort();
      equal(((await done).cause as Error).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const error = (await rejection(client(kit)("/missing"))) as FetchError<unknown>;
      deepEqual([error.statusCode, error.data], [404, { message: "no such thing" }]);
    },
    "own retries": async (kit) => {
      const body = new FormData();
      body.append("a", "1");
      const { id } = await client(kit, 2)<{ id: number }>("/flaky?own", { method: "PUT" });
      equal(id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
    "the session's retries": async (kit) => {
      const { id } = await client(kit)<{ id: number }>("/flaky", { method: "PUT", body: { a: 1 } });
      equal(id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
