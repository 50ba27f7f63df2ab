// OpenAI's client: JSON, server-sent events, a file upload, its own retries by status and by header.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import OpenAI, { APIUserAbortError, NotFoundError } from "openai";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, maxRetries = 0, path = "/v1"): OpenAI =>
  new OpenAI({ apiKey: "key", baseURL: `${origin.url}${path}`, fetch, maxRetries });

const messages = [{ role: "user" as const, content: "Hi" }];

export const openai: Sdk = {
  name: "openai",
  given: "`new OpenAI({ fetch })`",
  checks: {
    JSON: async (kit) => {
      const completion = await client(kit).chat.completions.create({ model: "m1", messages });
      equal(completion.choices[0]?.message.content, "Hello");
      const [arrival] = kit.origin.arrivals;
      equal(arrival?.headers["authorization"], "Bearer key");
      deepEqual(JSON.parse(String(arrival?.content)), { model: "m1", messages });
      deepEqual(
        (await client(kit).models.list()).data.map(({ id }) => id),
        ["m1"],
      );
    },
    streams: async (kit) => {
      const stream = await client(kit).chat.completions.create({
        model: "m1",
        messages,
        stream: true,
      });
      const pieces: (string | null | undefined)[] = [];
      for await (const piece of stream) pieces.push(piece.choices[0]?.delta.content);
      deepEqual(pieces, ["Hel", "lo", ", you"]);
    },
    forms: async (kit) => {
      const file = new File(['{"a":1}\n'], "lines.jsonl", { type: "application/jsonl" });
      const made = await client(kit).files.create({ file, purpose: "fine-tune" });
      equal(made.id, "f1");
      deepEqual((made as unknown as { parts: unknown }).parts, {
        file: { name: "lines.jsonl", type: "application/jsonl", text: '{"a":1}\n' },
        purpose: "fine-tune",
      });
      ok(Number(kit.origin.arrivals[0]?.headers["content-length"]) > 100);
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(
        client(kit).chat.completions.create({ model: "silent", messages }, { signal }),
      );
      await kit.origin.arrived(1);
      controller.abort();
      ok((await done) instanceof APIUserAbortError);
      await kit.origin.gone(kit.origin.arrivals[0]);
      // And in the midst of a stream, by leaving it.
      const stream = await client(kit).chat.completions.create({
        model: "endless",
        messages,
        stream: true,
      });
      for await (const _ of stream) break;
      await kit.origin.gone(kit.origin.arrivals[1]);
    },
    "error status": async (kit) => {
      const error = await rejection(client(kit).models.retrieve("x", { path: "/missing" }));
      ok(error instanceof NotFoundError);
      match(error.message, /404 .*no such thing/);
    },
    "own retries": async (kit) => {
      await client(kit, 2, "/flaky").models.list();
      deepEqual(
        kit.origin.arrivals.map(({ headers }) => headers["x-stainless-retry-count"]),
        ["0", "1", "2"],
      );
    },
    "the session's retries": async (kit) => {
      await client(kit, 0, "/flaky").models.list();
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
