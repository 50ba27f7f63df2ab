/* Dates as HTTP writes them (RFC 9110 §5.6.7). */

/**
 * A date in one of the three forms, of GMT even where it does not say so, in milliseconds since 1970; NaN for anything
 * else. Platforms take much else for a date.
 */
export function httpDate(text: string): number {
  const [date, end] = /^[A-Z][a-z]+,? [^:]{1,20} \d\d:\d\d:\d\d( GMT| \d{4})$/.exec(text) ?? [];
  return date === undefined ? NaN : Date.parse(end === " GMT" ? date : `${date} GMT`);
}
