// Supabase's client of PostgREST: queries as URLs; failures are returned, not thrown.
import { deepEqual, equal } from "node:assert/strict";
import { PostgrestClient } from "@supabase/postgrest-js";
import type { Kit, Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, retry = false): PostgrestClient =>
  new PostgrestClient(origin.url, { fetch, retry });

export const postgrest: Sdk = {
  name: "@supabase/postgrest-js",
  given: "`new PostgrestClient(url, { fetch })`",
  checks: {
    JSON: async (kit) => {
      const found = await client(kit)
        .from("items")
        .select("id,name", { count: "exact" })
        .eq("id", 7);
      deepEqual([found.data, found.count], [[{ id: 7, name: "crate" }], 1]);
      const made = await client(kit).from("items").insert({ name: "box" }).select();
      deepEqual([made.data, made.status], [[{ name: "box" }], 201]);
      deepEqual(
        kit.origin.arrivals.map(({ method, path }) => [method, decodeURIComponent(path)]),
        [
          ["GET", "/items?select=id,name&id=eq.7"],
          ["POST", "/items?select=*"],
        ],
      );
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const done = client(kit).from("silent").select().abortSignal(controller.signal);
      const settled = done.then((result) => result);
      await kit.origin.arrived(1);
      controller.abort();
      equal((await settled).error?.message.startsWith("AbortError"), true);
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const { error, status } = await client(kit).from("missing").select();
      deepEqual([error?.message, status], ["no such thing", 404]);
    },
    "own retries": async (kit) => {
      const { data } = await client(kit, true).from("flaky").select();
      equal((data as unknown as { id: number }).id, 7);
      deepEqual(
        kit.origin.arrivals.map(({ headers }) => headers["x-retry-count"]),
        [undefined, "1", "2"],
      );
    },
    "the session's retries": async (kit) => {
      const { data } = await client(kit).from("flaky").select();
      equal((data as unknown as { id: number }).id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
