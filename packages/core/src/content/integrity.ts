/* Subresource Integrity (W3C SRI §3): digests that content has to have before anybody gets it. */

import { ContentError, invalid } from "../errors.ts";
import { invalidOption } from "../options/rules.ts";
import { type Collected, joinPieces, Whole } from "./collect.ts";

/** Digests of the strongest algorithm that was named; the content has to have one of them. */
export interface Integrity {
  readonly algorithm: string;
  /** In base64, without padding. */
  readonly digests: readonly string[];
}

/** Weakest first, each with the length of its digests. */
const algorithms: readonly (readonly [name: string, length: number])[] = [
  ["SHA-256", 43],
  ["SHA-384", 64],
  ["SHA-512", 86],
];

/** Reads `sha256-… sha512-…`. What is malformed, or of no known algorithm, is refused: it would protect nothing. */
export function integrityRule(value: unknown, _base: unknown, option: string): Integrity {
  const refuse = (remedy: string): Error => invalidOption(option, value, remedy);
  let wanted: Integrity | null = null;
  let strongest = 0;
  for (const one of typeof value === "string" ? value.trim().split(/\s+/) : [""]) {
    const [, label, digest = ""] = /^(\w+)-([\w+/-]+)={0,2}(?:\?[!-~]*)?$/.exec(one) ?? [];
    if (!label) throw refuse('Pass digests in base64: "sha256-… sha512-…".');
    const strength = algorithms.findIndex(
      ([name]) => name.replace("-", "") === label.toUpperCase(),
    );
    const [algorithm, length] = algorithms[strength] ?? [];
    if (!algorithm || strength < strongest) continue;
    if (digest.length !== length)
      throw refuse(`A digest of ${algorithm} has ${length} characters.`);
    const others: readonly string[] = strength === strongest && wanted ? wanted.digests : [];
    strongest = strength;
    wanted = { algorithm, digests: [...others, digest.replaceAll("-", "+").replaceAll("_", "/")] };
  }
  if (!wanted) throw refuse("Name a digest of sha256, sha384 or sha512.");
  if (typeof crypto.subtle === "object") return wanted;
  const what = `the option ${option} needs WebCrypto, which pages have over https alone`;
  throw invalid("OPTION", what, "Serve the page over https.");
}

/** The content, if it has one of the digests. @throws ContentError */
export async function verified(
  content: Collected | Promise<Collected>,
  { algorithm, digests }: Integrity,
): Promise<Collected> {
  const whole = joinPieces(await content);
  const digest = new Uint8Array(await crypto.subtle.digest(algorithm, whole));
  const found = btoa(String.fromCharCode(...digest)).replace(/=+$/, "");
  if (digests.includes(found)) return new Whole([whole], whole.byteLength);
  const what = `the response content does not have the ${algorithm} that integrity names`;
  throw new ContentError("ERR_CONTENT_INTEGRITY", what, "Do not use it: it is not what was meant.");
}
