// wretch, with the addons and the middleware that its users add.
import { deepEqual, equal } from "node:assert/strict";
import wretch, { type Wretch } from "wretch";
import AbortAddon from "wretch/addons/abort";
import FormDataAddon from "wretch/addons/formData";
import { retry } from "wretch/middlewares";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, path: string): Wretch =>
  wretch(`${origin.url}${path}`).fetchPolyfill(fetch);

export const wretchSdk: Sdk = {
  name: "wretch",
  given: "`wretch(url).fetchPolyfill(fetch)`",
  checks: {
    JSON: async (kit) => {
      deepEqual(await client(kit, "/items").get().json(), [{ id: 7, name: "crate" }]);
      deepEqual(await client(kit, "/items").post({ name: "box" }).json(), [{ name: "box" }]);
      equal(kit.origin.arrivals[1]?.headers["content-type"], "application/json");
    },
    streams: async (kit) => {
      const { body } = await client(kit, "/pieces").get().res();
      equal(await new Response(body).text(), "one\ntwo\nthree\n");
    },
    forms: async (kit) => {
      const file = new File(["text"], "a.txt", { type: "text/plain" });
      const { parts } = await client(kit, "/upload")
        .addon(FormDataAddon)
        .formData({ file, name: "box" })
        .post()
        .json<{ parts: unknown }>();
      deepEqual(parts, { file: { name: "a.txt", type: "text/plain", text: "text" }, name: "box" });
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const call = client(kit, "/silent").addon(AbortAddon()).signal(controller).get();
      const done = call.onAbort(({ name }) => name).text();
      await kit.origin.arrived(1);
      controller.abort();
      equal(await done, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      equal((await rejection(client(kit, "/missing").get().json())).status, 404);
      const said = await client(kit, "/missing")
        .get()
        .notFound(({ response }) => response.json())
        .json();
      deepEqual(said, { message: "no such thing" });
    },
    "own retries": async (kit) => {
      const again = retry({ delayTimer: 1, maxAttempts: 3 });
      const { id } = await client(kit, "/flaky")
        .middlewares([again])
        .post({ a: 1 })
        .json<{ id: number }>();
      equal(id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
    "the session's retries": async (kit) => {
      const { id } = await client(kit, "/flaky").put({ a: 1 }).json<{ id: number }>();
      equal(id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
