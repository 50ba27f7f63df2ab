// ky: makes a Request of everything, clones it for its retries, and tells failures of the network by their message.
import { deepEqual, equal } from "node:assert/strict";
import ky, { isNetworkError, type KyInstance } from "ky";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, limit = 0): KyInstance =>
  ky.create({ fetch, prefix: origin.url, retry: { limit, delay: () => 1 } });

export const kySdk: Sdk = {
  name: "ky",
  given: "`ky.create({ fetch })`",
  checks: {
    JSON: async (kit) => {
      deepEqual(await client(kit).get("items").json(), [{ id: 7, name: "crate" }]);
      const made = await client(kit)
        .post("items", { json: { name: "box" } })
        .json();
      deepEqual(made, [{ name: "box" }]);
      equal(kit.origin.arrivals[1]?.headers["content-length"], "14");
    },
    streams: async (kit) => {
      const { body } = await client(kit).get("pieces");
      equal(await new Response(body).text(), "one\ntwo\nthree\n");
    },
    forms: async (kit) => {
      const body = new FormData();
      body.append("file", new File(["text"], "a.txt", { type: "text/plain" }));
      const { parts } = await client(kit).post("upload", { body }).json<{ parts: unknown }>();
      deepEqual(parts, { file: { name: "a.txt", type: "text/plain", text: "text" } });
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(client(kit).get("silent", { signal }).text());
      await kit.origin.arrived(1);
      controller.abort();
      equal((await done).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const error = await rejection(client(kit).get("missing").json());
      deepEqual([error.name, error.response?.status], ["HTTPError", 404]);
      await kit.session.close();
      const closed = await rejection(client(kit).get("items").json());
      equal(isNetworkError(closed), false);
    },
    "own retries": async (kit) => {
      const made = await client(kit, 2)
        .put("flaky", { json: { a: 1 } })
        .json<{ id: number }>();
      equal(made.id, 7);
      deepEqual(
        kit.origin.arrivals.map(({ content }) => String(content)),
        Array(3).fill('{"a":1}'),
      );
    },
    "the session's retries": async (kit) => {
      const made = await client(kit)
        .put("flaky", { json: { a: 1 } })
        .json<{ id: number }>();
      equal(made.id, 7);
      equal(kit.origin.arrivals.length, 3);
      const none = await rejection(client(kit)("http://127.0.0.1:9/", { prefix: "" }));
      equal(isNetworkError(none), true);
    },
  },
};
