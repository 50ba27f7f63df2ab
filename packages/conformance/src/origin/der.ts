/* Just enough ASN.1 DER (X.690) to write certificates, so that the suite needs no openssl command. */

/** One element: tag, length, contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

/** SEQUENCE. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(0x30, ...contents);
}

/** SET. */
export function set(...contents: readonly Uint8Array[]): Buffer {
  return element(0x31, ...contents);
}

/** OBJECT IDENTIFIER, from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    octets.push(...groups);
  }
  return element(0x06, Buffer.from(octets));
}

/** INTEGER of these octets, kept positive. */
export function integer(octets: Uint8Array): Buffer {
  const padded = (octets[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets;
  return element(0x02, padded);
}

/** UTF8String. */
export function text(value: string): Buffer {
  return element(0x0c, Buffer.from(value));
}

/** UTCTime, which reaches to 2049. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return element(0x17, Buffer.from(digits.slice(2)));
}

/** BIT STRING with all bits of the last octet used, unless said otherwise. */
export function bits(octets: Uint8Array, unused = 0): Buffer {
  return element(0x03, Buffer.of(unused), octets);
}

/** OCTET STRING. */
export function octetString(...contents: readonly Uint8Array[]): Buffer {
  return element(0x04, ...contents);
}

/** BOOLEAN true. */
export const yes: Buffer = element(0x01, Buffer.of(0xff));
