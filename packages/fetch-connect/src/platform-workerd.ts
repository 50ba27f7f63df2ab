/*
 * What is particular to the fetch of workerd: it undoes gzip or br and asks for neither, sends a `host` field of its own,
 * whatever it is given, and methods in upper case.
 */

import { holdBySignal, type TakeHold } from "./hold.ts";
import { lost } from "./lost-fields.ts";
import type { Particulars } from "./platform.ts";
import { checkMethod } from "./refuse.ts";

export { coders, mapContentError, mapFetchError } from "./platform.ts";

const workerd: Particulars = Object.freeze<Particulars>({
  facts: {},
  init: {},
  undoes: /^(gzip|br)$/,
});

/** The particulars of workerd. */
export const particulars = (): Particulars => workerd;

/** The hold on workerd's fetch. */
export function takeHold(transport: string): TakeHold {
  return (init, fields, target) => {
    checkMethod(transport, init.method ?? "GET", target.href);
    if ((fields["host"] ?? target.host) !== target.host) throw lost(transport, "host");
    (fields as Record<string, string>)["accept-encoding"] ??= "gzip, br";
    return holdBySignal(init, fields, target);
  };
}
