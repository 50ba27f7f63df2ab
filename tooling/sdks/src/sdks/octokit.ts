// GitHub's client: routes, GraphQL, raw content, errors with what was asked.
import { deepEqual, equal } from "node:assert/strict";
import { Octokit } from "@octokit/core";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit): Octokit =>
  new Octokit({ auth: "key", baseUrl: origin.url, request: { fetch } });

export const octokit: Sdk = {
  name: "@octokit/core",
  given: "`new Octokit({ request: { fetch } })`",
  checks: {
    JSON: async (kit) => {
      const { data, headers, url } = await client(kit).request("GET /repos/{owner}/{repo}", {
        owner: "octo",
        repo: "cat",
      });
      equal(data.full_name, "octo/cat");
      equal(headers["x-ratelimit-remaining"], "59");
      equal(url, `${kit.origin.url}/repos/octo/cat`);
      equal(kit.origin.arrivals[0]?.headers.authorization, "token key");
      deepEqual(await client(kit).graphql("{ item { id } }"), { item: { id: 0, name: "crate" } });
    },
    streams: async (kit) => {
      const response = await client(kit).request("GET /pieces", {
        request: { parseSuccessResponseBody: false },
      });
      equal(await new Response(response.data as ReadableStream).text(), "one\ntwo\nthree\n");
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(client(kit).request("GET /silent", { request: { signal } }));
      await kit.origin.arrived(1);
      controller.abort();
      equal((await done).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const error = await rejection(client(kit).request("GET /missing"));
      equal(error.status, 404);
      equal(error.message.startsWith("no such thing"), true);
    },
    "the session's retries": async (kit) => {
      const response = await client(kit).request("GET /flaky");
      deepEqual((response.data as { id: number }).id, 7);
      equal(kit.origin.arrivals.length, 3);
    },
  },
};
