/*
 * What never appears in a message, `toJSON` or `inspect`: userinfo, secrets in queries, credentials in fields; and how
 * long texts may be.
 */

const secretName =
  /(^|[-_.])(token|secret|pass(word|wd)?|pwd|(api)?key|auth(orization)?|sig(nature)?|credential|session|code)s?$/i;

/** Cuts a text to `limit` characters and says how many are missing. */
export function bound(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more)`;
}

/** A text that somebody else wrote, in quotes, on one line, and short. */
export function quoted(text: unknown): string {
  return JSON.stringify(bound(String(text), 64));
}

/** What a wrong value is: its type, and the value itself where it can hold no secret. */
export function shown(value: unknown): string {
  return value !== null && /^[sof]/.test(typeof value) ? `of type ${typeof value}` : String(value);
}

/** A URL as it may be shown: without userinfo and fragment, secret-looking query values replaced, bounded. */
export function redactUrl(url: string): string {
  const bare = url
    // As lenient as the URL parser, which takes `http:user@host` and backslashes, and passes over line breaks.
    .replace(/[\t\n\r]/g, "")
    .replace(/^\s*(?:([a-z][a-z0-9+.-]*:)[\\/]*|[\\/]{2,})[^\\/?#]*@/i, "$1//")
    .replace(/#.*$/s, "")
    .replace(/([?&])([^=?&]*)=[^&]*/g, hideSecret);
  return bound(bare, 512);
}

/** A library's own words as they may be shown: without what `redactUrl` hides, wherever a URL stands, and credentials. */
export function redactText(text: string): string {
  return text
    .replace(/[\\/]{2}[^\s\\/?#]*@/g, "//")
    .replace(/\b(authorization|cookie)\b.*/gi, "$1 [redacted]")
    .replace(/([?&])([^=?&\s]*)=[^&\s]*/g, hideSecret);
}

function hideSecret(whole: string, mark: string, name: string): string {
  return secretName.test(name) ? `${mark}${name}=[redacted]` : whole;
}
