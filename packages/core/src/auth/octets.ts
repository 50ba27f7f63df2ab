/* Text as octets, one character each: as `btoa`, field values and what a peer wrote in them have it. */

/** The UTF-8 octets of a text, normalised as RFC 7617 §2.1 and RFC 7616 §3.3 ask for (NFC). */
export function octets(text: string): string {
  let all = "";
  for (const octet of new TextEncoder().encode(text.normalize("NFC")))
    all += String.fromCharCode(octet);
  return all;
}

/** The bytes that octets stand for. */
export function octetBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (octet) => octet.charCodeAt(0));
}
