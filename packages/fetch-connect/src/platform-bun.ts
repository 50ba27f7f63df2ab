/*
 * What is particular to Bun's fetch: errors have codes, content can be had as it was sent, and methods that it does not
 * know are sent as GET, which must not happen in silence.
 */

import { holdBySignal, type TakeHold } from "./hold.ts";
import type { Particulars } from "./platform.ts";
import { checkMethod } from "./refuse.ts";

export { coders } from "./platform.ts";
export { mapContentError, mapFetchError } from "./platform-node.ts";

const bun: Particulars = Object.freeze<Particulars>({
  facts: {
    contentCoding: "raw",
    failureDetail: "phased",
    // `Request` takes it, `fetch` does not.
    getContent: "refused",
    streamLength: "declared",
  },
  init: { decompress: false } as RequestInit,
});

/** The particulars of Bun. */
export const particulars = (): Particulars => bun;

/** The hold on Bun's fetch. */
export function takeHold(transport: string): TakeHold {
  return (init, fields, target) => {
    checkMethod(transport, init.method ?? "GET", target.href);
    return holdBySignal(init, fields, target);
  };
}
