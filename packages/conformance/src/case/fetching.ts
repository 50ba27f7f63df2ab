/* A call of `toFetch(session)`, as data. */

import type { Call, CallOptions } from "./perform.ts";

/** How the content of a `Response` is read. */
export type FetchReader =
  | "text"
  | "json"
  | "blob"
  | "formData"
  /** Piece by piece, from its stream; a byte string of all. */
  | "pieces"
  /** Only the head. */
  | "nothing"
  /** Anything else; what it resolves to becomes `content`. */
  | ((response: Response) => Promise<unknown>);

/** One call of `toFetch(session)`. Strings in `url` and `init` may hold placeholders. */
export interface Fetching {
  readonly kind: "fetch";
  readonly method: string;
  readonly url: string;
  readonly init: CallOptions | (() => CallOptions);
  /** Whether a `Request` is made of both, and passed alone. */
  readonly asRequest: boolean;
  readonly read: FetchReader;
  readonly abort?: Call["abort"];
}

/**
 * `toFetch(session)(url, init)`, its content read as text unless said otherwise. What it rejects with is observed as an
 * error of its own name (`TypeError`) with the facts of the session's error behind it; the reason of a signal as `cause`.
 */
export function fetching(
  url: string,
  init: Fetching["init"] = {},
  reader: FetchReader = "text",
): Fetching {
  const method = typeof init === "function" ? "fetch" : init["method"];
  return {
    kind: "fetch",
    method: typeof method === "string" ? method : "GET",
    url,
    init,
    asRequest: false,
    read: reader,
  };
}

/** The same, with a `Request` of both. */
export function requesting(...args: Parameters<typeof fetching>): Fetching {
  return { ...fetching(...args), asRequest: true };
}
