/*
 * Where the frames of zstd end (RFC 8878 §3.1). The engine of Node 22 takes content that is cut for whole, and says nothing.
 */

/** Follows the frames of one content, without a look at what is in their blocks. */
export class ZstdFrames {
  /** Whether the last frame lacks something. */
  open = false;
  /** What has come of the header that is next: of a block within a frame, else of a frame. */
  #head: number[] = [];
  #within = false;
  /** Octets to come before that header. */
  #skip = 0;
  #checksum = 0;

  take(piece: Uint8Array): void {
    for (let at = 0; at < piece.byteLength;) {
      if (this.#skip === 0) {
        this.open = true;
        this.#head.push(piece[at++] as number);
        this.#skip = this.#within ? this.#block(this.#head) : this.#frame(this.#head);
      } else {
        const passed = Math.min(this.#skip, piece.byteLength - at);
        at += passed;
        this.#skip -= passed;
      }
      if (this.#skip === 0 && this.#head.length === 0 && !this.#within) this.open = false;
    }
  }

  /** @returns How much follows before the next header, once this one is whole. */
  #frame(head: readonly number[]): number {
    if (head.length < 5) return 0;
    const magic = number(head, 0);
    if ((magic & ~0xf) === 0x184d_2a50) {
      if (head.length < 8) return 0;
      this.#head = [];
      return number(head, 4) >>> 0;
    }
    // The engine will say what it thinks of it.
    if (magic >>> 0 !== 0xfd2f_b528) return Infinity;
    const flags = head[4] as number;
    const single = (flags >> 5) & 1;
    const size = flags >> 6 ? 1 << (flags >> 6) : single;
    const dictionary = [0, 1, 2, 4][flags & 3] as number;
    if (head.length < 6 - single + dictionary + size) return 0;
    this.#head = [];
    this.#within = true;
    this.#checksum = flags & 4;
    return 0;
  }

  #block(head: readonly number[]): number {
    if (head.length < 3) return 0;
    this.#head = [];
    const bits = number(head, 0);
    this.#within = (bits & 1) === 0;
    // One octet that is repeated, or as many as it says.
    const size = ((bits >> 1) & 3) === 1 ? 1 : bits >> 3;
    return this.#within ? size : size + this.#checksum;
  }
}

/** Four octets or fewer, the least first. */
function number(octets: readonly number[], at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = octets.slice(at, at + 4);
  return a | (b << 8) | (c << 16) | (d << 24);
}
