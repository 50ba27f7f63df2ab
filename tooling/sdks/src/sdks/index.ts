// Every SDK that is proven, in the order of the table.
import type { Sdk } from "../kit.ts";
import { gaxios } from "./gaxios.ts";
import { graphqlRequest } from "./graphql-request.ts";
import { kySdk } from "./ky.ts";
import { octokit } from "./octokit.ts";
import { ofetch } from "./ofetch.ts";
import { openai } from "./openai.ts";
import { openapiFetch } from "./openapi-fetch.ts";
import { postgrest } from "./postgrest.ts";
import { wretchSdk } from "./wretch.ts";

export const sdks: readonly Sdk[] = [
  openai,
  octokit,
  openapiFetch,
  ofetch,
  wretchSdk,
  kySdk,
  gaxios,
  postgrest,
  graphqlRequest,
];
