// graphql-request: everything is a POST.
import { deepEqual, equal } from "node:assert/strict";
import { ClientError, GraphQLClient } from "graphql-request";
import { toFetch } from "@anyhttp/core";
import { type Kit, rejection, type Sdk } from "../kit.ts";

const client = ({ fetch, origin }: Kit, path = "/graphql"): GraphQLClient =>
  new GraphQLClient(`${origin.url}${path}`, { fetch });

const query = "query ($id: Int) { item(id: $id) { id name } }";

export const graphqlRequest: Sdk = {
  name: "graphql-request",
  given: "`new GraphQLClient(url, { fetch })`",
  checks: {
    JSON: async (kit) => {
      const data = await client(kit).request<unknown>(query, { id: 7 });
      deepEqual(data, { item: { id: 7, name: "crate" } });
      deepEqual(JSON.parse(String(kit.origin.arrivals[0]?.content)), {
        query,
        variables: { id: 7 },
      });
    },
    abort: async (kit) => {
      const controller = new AbortController();
      const { signal } = controller;
      const done = rejection(client(kit, "/silent").request({ document: query, signal }));
      await kit.origin.arrived(1);
      controller.abort();
      equal((await done).name, "AbortError");
      await kit.origin.gone(kit.origin.arrivals[0]);
    },
    "error status": async (kit) => {
      const error = await rejection(client(kit).request("{ missing }"));
      equal(error instanceof ClientError, true);
      equal((error as ClientError).response.errors?.[0]?.message, "no such field");
    },
    "the session's retries": async (kit) => {
      // A POST is repeated only if it has a key by which the server knows that.
      const session = kit.session.extend({ retry: { idempotencyKey: true } });
      const data = await client({ ...kit, fetch: toFetch(session) }, "/flaky").request<unknown>(
        query,
      );
      deepEqual(data, { id: 7 });
      const keys = kit.origin.arrivals.map(({ headers }) => headers["idempotency-key"]);
      equal(keys.length, 3);
      equal(new Set(keys).size, 1);
    },
  },
};
