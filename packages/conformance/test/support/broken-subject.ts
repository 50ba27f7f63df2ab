/* A broken transport as a subject: the outsider's, spoilt. */

import type { Broken } from "../../src/broken/broken.ts";
import type { Subject } from "../../src/run/subject.ts";
import { outsiderTransport } from "../outsider/transport.ts";

/** The subject of a broken transport or session. */
export function brokenSubject({
  name,
  spoil = (correct) => correct,
  options: change = (same) => same,
  session,
  fetch,
}: Broken): Subject {
  return {
    name,
    version: null,
    library: null,
    knownFailures: [],
    create: (options) => spoil(outsiderTransport(change(options))),
    ...(session && { session }),
    ...(fetch && { fetch }),
  };
}
