/* Matchers: what an expectation says where a literal value would say too much. A literal is compared deeply. */

const brand: unique symbol = Symbol("matcher");

/** Says something about a value, and says it in words. */
export interface Matcher {
  readonly [brand]: true;
  /** What is wanted, to be read after "expected". */
  readonly wants: string;
  /** Whether a value is what is wanted; `undefined` stands for one that is absent. */
  matches(value: unknown): boolean;
}

/** A literal, compared deeply, or a matcher. */
export type Expected<T> = T | Matcher;

/** Whether a value is a matcher. */
export function isMatcher(value: unknown): value is Matcher {
  return typeof value === "object" && value !== null && brand in value;
}

function matcher(wants: string, matches: (value: unknown) => boolean): Matcher {
  return { [brand]: true, wants, matches };
}

/** Any value at all, but one. */
export const present: Matcher = matcher(
  "any value",
  (value) => value !== undefined && value !== null,
);

/** No value: `undefined`, `null`, or a field that did not arrive. */
export const absent: Matcher = matcher("nothing", (value) => value === undefined || value === null);

/** A string that a pattern matches. */
export function matching(pattern: RegExp): Matcher {
  return matcher(
    `what matches ${String(pattern)}`,
    (value) => typeof value === "string" && pattern.test(value),
  );
}

/** A string that contains another, or an array that has an element. */
export function containing(part: string): Matcher {
  return matcher(`what contains ${JSON.stringify(part)}`, (value) => {
    return (typeof value === "string" || Array.isArray(value)) && (value as string).includes(part);
  });
}

/** A string that does not contain another, or an array that lacks an element. An absent value will do. */
export function lacking(part: string): Matcher {
  return matcher(`nothing that contains ${JSON.stringify(part)}`, (value) => {
    return !(
      (typeof value === "string" || Array.isArray(value)) &&
      (value as string).includes(part)
    );
  });
}

/** One of a few values, for what a specification leaves open. Never "anything". */
export function oneOf(...values: readonly unknown[]): Matcher {
  const texts = values.map((value) => JSON.stringify(value) ?? "nothing");
  return matcher(`one of ${texts.join(", ")}`, (value) =>
    texts.includes(JSON.stringify(value) ?? "nothing"),
  );
}

/** A number within inclusive bounds. */
export function between(low: number, high: number): Matcher {
  const wants = low === high ? String(low) : `a number from ${low} to ${high}`;
  return matcher(wants, (value) => typeof value === "number" && value >= low && value <= high);
}

/** A number that is at least so much. */
export function atLeast(low: number): Matcher {
  return matcher(`at least ${low}`, (value) => typeof value === "number" && value >= low);
}

/** A number that is at most so much. */
export function atMost(high: number): Matcher {
  return matcher(`at most ${high}`, (value) => typeof value === "number" && value <= high);
}

/** A value that passes a test of one's own; `wants` is read after "expected". */
export function satisfying(wants: string, test: (value: unknown) => boolean): Matcher {
  return matcher(wants, test);
}
