/* Records whose names are data. */

/** A record without a prototype, so that no name in it is found but those that were put there. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
