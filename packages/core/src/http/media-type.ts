/* Media types (RFC 9110 §8.3): the essence, and the charset parameter. */

/** `type/subtype` in lower case; `""` if there is none. */
export function mediaType(contentType: string | null | undefined): string {
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** The charset parameter; `null` if there is none. */
export function charset(contentType: string | null | undefined): string | null {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? "")?.[1] ?? null;
}
