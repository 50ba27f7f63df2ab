/* Media types (RFC 9110 §8.3). */

/** The charset parameter; `null` if there is none. */
export function charset(contentType: string | null | undefined): string | null {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? "")?.[1] ?? null;
}
