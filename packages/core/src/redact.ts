/*
 * What never appears in a message, `toJSON` or `inspect`: userinfo, secrets in queries, credentials in fields; and how
 * long texts may be.
 */

/** What parameters, properties and fields are called whose value is a secret; the short ones as a word of their own. */
const names =
  "(?:token|secret|pass(?:word|wd|phrase)|credential|signature|sess(?:ion)?[-_]?(?:id)?|" +
  "(?<![a-z0-9])(?:pass(?:code)?|pwd|(?:api|access|private)?key|auth|sig|hmac|sid|jwt|otp|code|assertion))s?";

/** A name, then its value: up to the other quote, or up to the next space. What looks like a port follows a host. */
const named = new RegExp(
  `(${names}["'\\\\\\]]*\\s{0,4}(?:=|:(?!\\d{1,5}\\b))\\s{0,4})(?:\\\\*(["']).*?(?:\\2|$)|[^\\s&"']*)`,
  "gim",
);

const userinfo = /[\\/]{2}[^\s\\/?#]*@/g;

/** Cuts a text to what takes about `limit` bytes, in JSON too, and says how many characters are missing. */
export function bound(text: string, limit: number): string {
  let room = limit;
  for (let end = 0; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    room -= unit < 32 || unit >> 11 === 27 ? 6 : unit > 126 ? 3 : 1;
    if (room < 0) return `${text.slice(0, end)}… (${text.length - end} more)`;
  }
  return text;
}

/** A text that somebody else wrote, in quotes, on one line, and short. */
export function quoted(text: unknown): string {
  return JSON.stringify(bound(String(text), 64));
}

/** What a wrong value is: its type, and the value itself where it can hold no secret. */
export function shown(value: unknown): string {
  return value !== null && /^[sof]/.test(typeof value) ? `of type ${typeof value}` : String(value);
}

/** A URL as it may be shown: without userinfo, fragment and line breaks, secret-looking values replaced, bounded. */
export function redactUrl(url: string): string {
  const bare = url
    .replace(/[^ -\uffff]/g, "")
    // As lenient as the URL parser, which takes `http:user@host` and backslashes.
    .replace(/^\s*(?:([a-z][a-z0-9+.-]*:)[\\/]*|[\\/]{2,})[^\\/?#]*@/i, "$1//")
    .replace(/#.*$/s, "")
    .replace(/ /g, "%20");
  return bound(withoutParameters(bare), 400);
}

/** A library's own words as they may be shown: without credentials, and what `redactUrl` hides, wherever they stand. */
export function redactText(text: string): string {
  return withoutCredentials(withoutParameters(text));
}

function withoutParameters(text: string): string {
  return text
    .replace(userinfo, "//")
    .replace(/([?&;#][^\s?&;#=]*)=[^\s&]*/g, (parameter, name: string) => {
      // Behind percent-encoding, however often it was applied: URLs hold URLs.
      const plain = parameter.replace(/%(?:25)*([2-7][0-9a-f])/gi, (_, code: string) =>
        String.fromCharCode(parseInt(code, 16)),
      );
      return withoutCredentials(plain) === plain ? parameter : `${name}=[redacted]`;
    });
}

function withoutCredentials(text: string): string {
  return text
    .replace(userinfo, "//")
    .replace(/\b(authorization|cookie|bearer|basic)["']?[ :=].*/gi, "$1 [redacted]")
    .replace(named, "$1[redacted]");
}
