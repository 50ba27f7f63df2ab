/* The content-disposition field (RFC 6266): under which name content is to be saved. */

import { parameters } from "./parameters.ts";

/** What `content-disposition` says. */
export interface ContentDisposition {
  /** `"attachment"`, `"inline"` …, in lower case. */
  readonly type: string;
  /**
   * The name of a file, of `filename*` or else of `filename`, without directories and control characters (RFC 6266
   * §4.3); `null` if there is none or nothing is left of it.
   */
  readonly filename: string | null;
  /** By name in lower case, as they came but for their quotes. Servers can put anything there. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * What a response says of how to show or to save its content; `null` if it says nothing, or nothing that is valid.
 * @param response Of a session, of `fetch`, or whatever else has headers.
 */
export function contentDisposition(response: {
  readonly headers: { get(name: string): string | null };
}): ContentDisposition | null {
  const [, type, rest = ""] =
    /^\s*([^\s;=,"]+)\s*(;.*)?$/s.exec(response.headers.get("content-disposition") ?? "") ?? [];
  if (type === undefined) return null;
  const params = parameters(rest);
  const name = extended(params["filename*"]) ?? text(params["filename"] ?? "");
  const last = name
    .replace(/^.*[/\\]/s, "")
    // Nor what turns the order of its letters round, so that an extension looks like another.
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();
  return { type: type.toLowerCase(), filename: /^\.*$/.test(last) ? null : last, params };
}

/** An extended value (RFC 8187 §3.2); `null` if it is not valid. */
function extended(value = ""): string | null {
  const [, charset, coded = ""] = /^([\w-]+)'[^']*'((?:[^%]|%[\da-f]{2})*)$/i.exec(value) ?? [];
  if (charset === undefined) return null;
  const octets = coded.replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return decoded(octets, charset);
}

/** Field values are octets, and servers that send more than ASCII mostly mean UTF-8. */
function text(octets: string): string {
  // Of others than transports they may be text already.
  return (/[^\0-\xff]/.test(octets) ? null : decoded(octets, "utf-8")) ?? octets;
}

function decoded(octets: string, charset: string): string | null {
  try {
    const bytes = Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
