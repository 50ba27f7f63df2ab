/*
 * What is particular to Deno's fetch: it undoes gzip or br, whatever it was asked for, and leaves other codings alone. It
 * sends a `host` field of its own, unless its client is told to send the given one. Its failures are told in prose.
 */

import { holdBySignal, type TakeHold } from "./hold.ts";
import type { Particulars } from "./platform.ts";

export { coders, mapContentError, mapFetchError } from "./platform.ts";

const deno: Particulars = Object.freeze<Particulars>({
  facts: {},
  init: {},
  undoes: /^(gzip|br)$/i,
});

/** The particulars of Deno. */
export const particulars = (): Particulars => deno;

/** What Deno documents of its clients, as far as it is used. */
interface Clients {
  readonly createHttpClient: (options: { readonly allowHost: boolean }) => object;
}

/** A client that sends `host` as it is given; it has a pool of its own, and is made when somebody needs it. */
let lenient: object | null = null;

/** The hold on Deno's fetch. */
export function takeHold(): TakeHold {
  return (init, fields, target) => {
    if ((fields["host"] ?? target.host) !== target.host)
      (init as { client?: object }).client = lenient ??= (
        globalThis as unknown as { readonly Deno: Clients }
      ).Deno.createHttpClient({ allowHost: true });
    return holdBySignal(init, fields, target);
  };
}
