/*
 * White space around field values, where undici's parser takes it for part of them: behind a `content-length` it counts
 * as digits (case: transport/framing/content-length-before-space), and a tab behind `chunked` makes it another coding.
 */

/**
 * Moves the white space behind each value ahead of it, in place: it is no part of the value on either side (RFC 9112
 * §5.1), and ahead of it every parser skips it.
 * @param from Where a field line begins.
 * @returns Where the last whole line ends; -1 if the empty line that ends a head is among them.
 */
export function straighten(bytes: Buffer, from: number): number {
  let start = from;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a) continue;
    if (at - start < 2) return -1;
    if (isSpace(bytes[at - 2])) straightenLine(bytes, start, at - 1);
    start = at + 1;
  }
  return start;
}

function straightenLine(bytes: Buffer, start: number, end: number): void {
  const value = bytes.indexOf(0x3a, start) + 1;
  let last = end;
  while (isSpace(bytes[last - 1])) last--;
  if (value === 0 || value >= last) return;
  const spaces = end - last;
  bytes.copyWithin(value + spaces, value, last);
  bytes.fill(0x20, value, value + spaces);
}

function isSpace(octet: number | undefined): boolean {
  return octet === 0x20 || octet === 0x09;
}
