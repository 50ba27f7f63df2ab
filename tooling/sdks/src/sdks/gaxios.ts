// Google's client, which hands all of its own options over as init.
import { deepEqual, equal } from "node:assert/strict";
import { Readable } from "node:stream";
import { Gaxios, GaxiosError } from "gaxios";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit): Gaxios =>
  new Gaxios({ fetchImplementation: fetch, baseURL: origin.url });

export const gaxios: Sdk = {
  name: "gaxios",
  given: "`new Gaxios({ fetchImplementation: fetch })`",
  checks: {
    JSON: async (kit) => {
      const { data } = await client(kit).request<unknown>({ url: "/items", params: { a: 1 } });
      deepEqual(data, [{ id: 7, name: "crate" }]);
      const made = await client(kit).request({
        url: "/items",
        method: "POST",
        data: { name: "box" },
      });
      deepEqual(made.data, [{ name: "box" }]);
      equal(kit.origin.arrivals[0]?.path, "/items?a=1");
    },
    streams: async (kit) => {
      const { data } = await client(kit).request<ReadableStream>({
        url: "/pieces",
        responseType: "stream",
      });
      equal(await new Response(data).text(), "one\ntwo\nthree\n");
      const sent = await client(kit).request<{ text: string }>({
        url: "/upload",
        method: "POST",
        data: Readable.from(["a", "b"]),
      });
      equal(sent.data.text, "ab");
    },
    forms: async (kit) => {
      const data = new FormData();
      data.append("file", new File(["text"], "a.txt", { type: "text/plain" }));
      const made = await client(kit).request<{ parts: unknown }>({
        url: "/upload",
        method: "POST",
        data,
      });
      deepEqual(made.data.parts, { file: { name: "a.txt", type: "text/plain", text: "text" } });
      // Its own multipart/related, a stream.
      const related = await client(kit).request<{ type: string; text: string }>({
        url: "/upload",
        method: "POST",
        multipart: [{ headers: new Headers({ "content-type": "text/plain" }), content: "part" }],
      });
      equal(related.data.text.includes("part"), true);
      equal(related.data.type.startsWith("multipart/related"), true);
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(client(kit).request({ url: "/silent", signal }));
      await kit.origin.arrived(1);
      controller.abort();
      equal(((await done).cause as Error).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const error = await rejection(client(kit).request({ url: "/missing" }));
      equal(error instanceof GaxiosError, true);
      equal(error.status, 404);
    },
    "own retries": async (kit) => {
      const { data } = await client(kit).request<{ id: number }>({
        url: "/flaky",
        retryConfig: { retry: 2, retryDelay: 1, retryBackoff: () => Promise.resolve() },
      });
      equal(data.id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
    "the session's retries": async (kit) => {
      const { data } = await client(kit).request<{ id: number }>({ url: "/flaky", retry: false });
      equal(data.id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
