/* Media types (RFC 9110 §8.3). */

import { parameters } from "./parameters.ts";

/** The charset parameter; `null` if there is none. */
export function charset(contentType: string | null | undefined): string | null {
  return (contentType && parameters(contentType)["charset"]) || null;
}
