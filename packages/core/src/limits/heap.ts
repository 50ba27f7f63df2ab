/* A binary heap whose members know their places, so that each of them can leave or move without being looked for. */

/** Something that can be in one heap. */
export interface Placed {
  /** Place in the heap, -1 outside. Only the heap writes it. */
  place: number;
}

/** All operations but `first` take O(log n). */
export class Heap<T extends Placed> {
  readonly #items: T[] = [];
  readonly #before: (one: T, other: T) => boolean;

  constructor(before: (one: T, other: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The one that is before all others. */
  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#settle(item, this.#items.push(item) - 1);
  }

  /** Takes one out. Safe if it is not in. */
  remove(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop() as T;
    if (last !== item) this.#settle(last, place);
  }

  /** What a member is compared by has changed. */
  moved(item: T): void {
    this.#settle(item, item.place);
  }

  #settle(item: T, place: number): void {
    const items = this.#items;
    let at = place;
    while (at > 0) {
      const parent = items[(at - 1) >> 1] as T;
      if (!this.#before(item, parent)) break;
      items[at] = parent;
      const above = parent.place;
      parent.place = at;
      at = above;
    }
    for (;;) {
      let below = 2 * at + 1;
      if (below + 1 < items.length && this.#before(items[below + 1] as T, items[below] as T))
        below++;
      const child = items[below];
      if (child === undefined || !this.#before(child, item)) break;
      items[at] = child;
      child.place = at;
      at = below;
    }
    items[at] = item;
    item.place = at;
  }
}
