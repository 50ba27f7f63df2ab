// openapi-fetch: makes a Request of everything, and hands that over.
import { deepEqual, equal } from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import { type Kit, rejection, type Sdk } from "../kit.ts";

interface Operation {
  readonly parameters: { readonly query?: Readonly<Record<string, unknown>> };
  readonly requestBody?: { readonly content: { readonly "application/json": unknown } };
  readonly responses: {
    readonly 200: { readonly content: { readonly "application/json": unknown } };
    readonly 404: { readonly content: { readonly "application/json": { message: string } } };
  };
}

interface Paths {
  readonly "/items": { readonly get: Operation; readonly post: Operation };
  readonly "/upload": { readonly post: Operation };
  readonly "/pieces": { readonly get: Operation };
  readonly "/silent": { readonly post: Operation };
  readonly "/missing": { readonly get: Operation };
  readonly "/flaky": { readonly put: Operation };
}

const client = ({ fetch, origin }: Kit): Client<Paths> =>
  createClient<Paths>({ baseUrl: origin.url, fetch });

export const openapiFetch: Sdk = {
  name: "openapi-fetch",
  given: "`createClient({ fetch })`",
  checks: {
    JSON: async (kit) => {
      const read = await client(kit).GET("/items", { params: { query: { tag: ["a", "b"] } } });
      deepEqual(read.data, [{ id: 7, name: "crate" }]);
      const made = await client(kit).POST("/items", { body: { name: "box" } });
      deepEqual(made.data, [{ name: "box" }]);
      deepEqual(
        kit.origin.arrivals.map(({ path }) => path),
        ["/items?tag=a&tag=b", "/items"],
      );
      // The Request hides that its body is short, and it has a length all the same.
      equal(kit.origin.arrivals[1]?.headers["content-length"], "14");
      equal(kit.origin.arrivals[1]?.headers["content-type"], "application/json");
    },
    streams: async (kit) => {
      const { data } = await client(kit).GET("/pieces", { parseAs: "stream" });
      equal(await new Response(data).text(), "one\ntwo\nthree\n");
    },
    forms: async (kit) => {
      const form = new FormData();
      form.append("file", new File(["text"], "a.txt", { type: "text/plain" }));
      const { data } = await client(kit).POST("/upload", {
        body: form,
        bodySerializer: () => form,
      });
      deepEqual((data as { parts: unknown }).parts, {
        file: { name: "a.txt", type: "text/plain", text: "text" },
      });
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(client(kit).POST("/silent", { body: { a: 1 }, signal }));
      await kit.origin.arrived(1);
      controller.abort();
      equal((await done).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const { error, response, data } = await client(kit).GET("/missing");
      equal(response.status, 404);
      deepEqual([error, data], [{ message: "no such thing" }, undefined]);
    },
    "the session's retries": async (kit) => {
      const { data } = await client(kit).PUT("/flaky", { body: { name: "box" } });
      equal((data as { id: number }).id, 7);
      deepEqual(
        kit.origin.arrivals.map(({ content }) => String(content)),
        Array(3).fill('{"name":"box"}'),
      );
    },
  },
};
