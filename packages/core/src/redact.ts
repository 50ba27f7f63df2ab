/*
 * What never appears in a message, `toJSON` or `inspect`: userinfo, secrets in queries, credentials in fields; and how
 * long texts may be.
 */

const secretName = /(^|[-_.])(token|secret|password|passwd|pwd|pass|key|apikey|auth|authorization|signature|sig|credential|session|code)s?$/i;

/** Cuts a text to `limit` characters and says how many are missing. */
export function bound(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more)`;
}

/** A URL as it may be shown: without userinfo and fragment, secret-looking query values replaced, bounded. */
export function redactUrl(url: string): string {
  const shown = url
    // As lenient as the URL parser, which takes `http:user@host` and backslashes, and passes over line breaks.
    .replace(/[\t\n\r]/g, "")
    .replace(/^\s*(?:([a-z][a-z0-9+.-]*:)[\\/]*|[\\/]{2,})[^\\/?#]*@/i, "$1//")
    .replace(/#.*$/s, "")
    .replace(/([?&])([^=?&]*)=([^&]*)/g, (whole, mark: string, name: string) =>
      secretName.test(name) ? `${mark}${name}=[redacted]` : whole,
    );
  return bound(shown, 512);
}

/** A library's own words as they may be shown: without what `redactUrl` hides, wherever a URL stands, and credentials. */
export function redactText(text: string): string {
  return text
    .replace(/[\\/]{2}[^\s\\/?#]*@/g, "//")
    .replace(/\b(authorization|cookie)\b.*/gi, "$1 [redacted]")
    .replace(/([?&])([^=?&\s]*)=[^&\s]*/g, (whole, mark: string, name: string) =>
      secretName.test(name) ? `${mark}${name}=[redacted]` : whole,
    );
}
