/*
 * What is particular to Deno's fetch: it undoes gzip or br, whatever it was asked for, and leaves other codings alone. It
 * sends a `host` field of its own, whatever it is given. Its failures are told in prose.
 */

import { holdBySignal, type TakeHold } from "./hold.ts";
import { lost } from "./lost-fields.ts";
import type { Particulars } from "./platform.ts";

export { mapContentError, mapFetchError } from "./platform.ts";

const deno: Particulars = Object.freeze<Particulars>({
  facts: {},
  init: {},
  undoes: /^(gzip|br)$/i,
});

/** The particulars of Deno. */
export const particulars = (): Particulars => deno;

/** The hold on Deno's fetch. */
export function takeHold(transport: string): TakeHold {
  return (init, fields, target) => {
    if ((fields["host"] ?? target.host) !== target.host) throw lost(transport, "host");
    return holdBySignal(init, fields, target);
  };
}
