/* Field lines as undici has them, as far as they are looked at. */

type Octets = Uint8Array | string;
/** Names and values in turn; a value may be a list of such. */
export type Raw = readonly (Octets | readonly Octets[])[];

/** The names among which those are that say how content is coded and framed, in lower case. */
export function namesOf(raw: Raw): string[] {
  const names: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as Octets;
    // Those that are looked for.
    if (name.length > 13 && name.length < 18) names.push(String(name).toLowerCase());
  }
  return names;
}

/** The other fields, and the value of `content-encoding`. */
export function withoutCoding(raw: Raw): { readonly rest: Raw; readonly coding: string } {
  const rest: (typeof raw)[number][] = [];
  const codings: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const value = raw[i + 1] as Raw[number];
    if (String(raw[i]).toLowerCase() !== "content-encoding") rest.push(raw[i] as Octets, value);
    else if (typeof value === "string" || value instanceof Uint8Array) codings.push(text(value));
    else codings.push(...value.map(text));
  }
  return { rest, coding: codings.join(", ") };
}

/** Fields are octets (RFC 9110 §5.5). */
function text(octets: Octets): string {
  return typeof octets === "string" ? octets : String.fromCharCode(...octets);
}
