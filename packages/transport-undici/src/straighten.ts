/*
 * White space behind field values, where undici's parser takes it for part of them: behind a `content-length` it counts
 * as digits (case: transport/framing/content-length-before-space), and a tab behind `chunked` makes it another coding.
 */

/** White space that is held at most; no value has so much behind it. */
const mostHeld = 4_096;

/** Leaves out the white space behind field values, which is no part of them (RFC 9112 §5.1). */
export class Straightener {
  /** Whether field lines are coming. */
  inside = false;
  /** Octets of the line that is not at its end yet. */
  #open = 0;
  /** Whether that line has its colon. */
  #named = false;
  /** White space behind which the line has not gone on yet. */
  #held: Buffer | null = null;
  /** Whether a CR was the last octet: what is no LF behind it breaks the line, and nothing is held back of that. */
  #returned = false;

  /** @param from Where the field lines begin, or go on. */
  straighten(octets: Buffer, from: number): Buffer {
    const bytes = this.#held ? Buffer.concat([this.#held, octets]) : octets;
    this.#held = null;
    this.inside = true;
    let kept: Buffer[] | null = null;
    let done = 0;
    let begin = from;
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== 0x0a) continue;
      if (this.#open + at - begin < 2) {
        this.inside = this.#named = false;
        this.#open = 0;
        return joined(kept, bytes.subarray(done));
      }
      if (isSpace(bytes[at - 2]) && bytes[at - 1] === 0x0d) {
        (kept ??= []).push(bytes.subarray(done, this.#valueEnd(bytes, begin, at - 1)));
        done = at - 1;
      }
      this.#open = 0;
      this.#named = false;
      begin = at + 1;
    }
    // The line that is open: white space counts as behind the value as soon as the line ends, and is held until then.
    const ends = bytes[bytes.length - 1] === 0x0d;
    const end = ends ? bytes.length - 1 : bytes.length;
    const value = this.#valueEnd(bytes, begin, end);
    this.#open += value - begin + (bytes.length - end);
    this.#named ||= bytes.includes(0x3a, begin);
    const broken = value > begin ? bytes[value - 1] === 0x0d : begin === from && this.#returned;
    this.#returned = ends;
    if (value === end || end - value > mostHeld || broken)
      return joined(kept, bytes.subarray(done));
    (kept ??= []).push(bytes.subarray(done, value));
    if (!ends) this.#held = bytes.subarray(value);
    return joined(kept, bytes.subarray(end));
  }

  /** Where the white space before `end` begins; `end` if it is behind no value. */
  #valueEnd(bytes: Buffer, begin: number, end: number): number {
    let at = end;
    while (at > begin && isSpace(bytes[at - 1])) at--;
    return this.#named || bytes.subarray(begin, at).includes(0x3a) ? at : end;
  }
}

function joined(kept: Buffer[] | null, last: Buffer): Buffer {
  return kept ? Buffer.concat([...kept, last]) : last;
}

function isSpace(octet: number | undefined): boolean {
  return octet === 0x20 || octet === 0x09;
}
