/* Records whose names are data, and members that are nobody's. */

/** A record without a prototype, so that no name in it is found but those that were put there. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** Whether a member is not the record's own but one that somebody has left in `Object.prototype`: nobody said it. */
export function isStray(record: object, name: string): boolean {
  return !Object.hasOwn(record, name) && Object.hasOwn(Object.prototype, name);
}
