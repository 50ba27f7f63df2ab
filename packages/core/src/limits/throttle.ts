/* The throttle: what may be said of the speed of transfers, and how what is said in several places adds up. */

import { count, lay, type Rule } from "../options/rules.ts";
import { Pace } from "./pace.ts";

/** How fast content may go, on the wire and without what frames it. */
export interface ThrottleOptions {
  /**
   * Response content, in bytes per second. On a session it is for all its calls taken together, in equal parts; on a
   * call it is for that call, beside the session's. `false`: none, not the session's either. Default: none.
   */
  readonly download?: number | false | undefined;
  /** Request content, in the same way. */
  readonly upload?: number | false | undefined;
}

/** The paces to keep in each direction: the session's, that of sessions extended from it, and the call's. */
export interface Throttle {
  readonly download: readonly Pace[];
  readonly upload: readonly Pace[];
}

const rate = count(1);

function add(value: unknown, base: readonly Pace[], option: string): readonly Pace[] {
  const most = rate(value, 0, option);
  return most === Infinity ? [] : [...base, new Pace(most)];
}

/** Adds a pace to those that hold; `false` takes them away, as it does for one direction. */
export const throttleRule: Rule<Throttle | null> = (value, base, option) => {
  if (value === false) return null;
  const { download, upload } = lay(
    { download: add, upload: add },
    base ?? { download: [], upload: [] },
    value,
    `${option}.`,
  );
  return download.length + upload.length > 0 ? { download, upload } : null;
};
