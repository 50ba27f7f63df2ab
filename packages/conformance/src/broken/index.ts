/* All deliberately broken transports. */

import type { Broken } from "./broken.ts";
import { brokenCoding } from "./coding.ts";
import { brokenConnections } from "./connections.ts";
import { brokenContent } from "./content.ts";
import { brokenCredentials } from "./credentials.ts";
import { understatements } from "./declarations.ts";
import { brokenExpectations } from "./expectations.ts";
import { brokenFetches } from "./fetches.ts";
import { brokenHeads } from "./heads.ts";
import { brokenInjections } from "./injections.ts";
import { inventions } from "./inventions.ts";
import { brokenLimits } from "./limits.ts";
import { brokenOrigins } from "./origins.ts";
import { brokenPolicies } from "./policies.ts";
import { brokenReaders } from "./readers.ts";
import { brokenRedirects } from "./redirects.ts";
import { brokenRepetition } from "./repetition.ts";
import { brokenRequests } from "./requests.ts";
import { brokenTelling } from "./telling.ts";
import { brokenTracing } from "./tracing.ts";
import { brokenUploads } from "./uploads.ts";
import { brokenWires } from "./wire.ts";

/** Every broken transport. */
export const allBroken: readonly Broken[] = [
  ...brokenContent,
  ...brokenCoding,
  ...brokenHeads,
  ...brokenExpectations,
  ...brokenRequests,
  ...brokenConnections,
  ...brokenWires,
  ...brokenUploads,
  ...brokenTelling,
  ...brokenTracing,
  ...brokenReaders,
  ...brokenRedirects,
  ...brokenPolicies,
  ...brokenRepetition,
  ...brokenCredentials,
  ...brokenOrigins,
  ...brokenLimits,
  ...brokenInjections,
  ...brokenFetches,
  ...understatements,
  ...inventions,
];
