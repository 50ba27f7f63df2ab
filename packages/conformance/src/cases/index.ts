/* All cases. A new file of cases is added here, in the order of its id. */

import type { Case } from "../case.ts";
import { trailersProbes } from "./probe/trailers.ts";
import { abortCases } from "./session/abort.ts";
import { redirectCases } from "./session/redirect.ts";
import { timeoutCases } from "./session/timeout.ts";
import { framingCases } from "./transport/framing.ts";

/** Every case of the suite, sorted by id. */
export const allCases: readonly Case[] = [
  ...trailersProbes,
  ...abortCases,
  ...redirectCases,
  ...timeoutCases,
  ...framingCases,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
