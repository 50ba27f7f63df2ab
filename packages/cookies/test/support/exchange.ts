/* What a jar sees of an exchange, without the exchange. */

import type { HttpRequest, HttpResponse } from "@anyhttp/core";
import {
  cookieJar,
  type CookieJarOptions,
  type Jar,
  type RejectionReason,
} from "../../src/index.ts";

const requestTo = (url: string, method = "GET"): HttpRequest =>
  ({ url: new URL(url).href, method }) as HttpRequest;

/** Lets a response from `url` set cookies. */
export function answer(jar: Jar, url: string, ...lines: string[]): void | Promise<void> {
  return jar.store(requestTo(url), {
    headers: { getSetCookie: () => lines },
  } as unknown as HttpResponse);
}

/** The `cookie` field of a request; `from`: where the call began. */
export function sent(
  jar: Jar,
  url: string,
  { method = "GET", from = url }: { method?: string; from?: string } = {},
): string | null | Promise<string | null> {
  return jar.cookiesFor(requestTo(url, method), new URL(from).href);
}

/** A jar, and what it has rejected: `name reason`. */
export function watchedJar(options: CookieJarOptions = {}): { jar: Jar; rejected: string[] } {
  const rejected: string[] = [];
  const onRejected = ({ name }: { name: string }, reason: RejectionReason): void =>
    void rejected.push(`${name} ${reason}`);
  return { jar: cookieJar({ ...options, onRejected }), rejected };
}

/** What becomes of one field line: what is sent to each URL afterwards, or the reason why it is not kept. */
export function outcome(line: string, url: string, ...urls: string[]): unknown {
  const { jar, rejected } = watchedJar();
  void answer(jar, url, line);
  return rejected.length > 0
    ? rejected[0]?.split(" ").at(-1)
    : (urls.length > 0 ? urls : [url]).map((one) => sent(jar, one));
}

/** The outcome of each line, by line; `url` may hold `*` in place of something that each line brings along. */
export function outcomes(
  lines: readonly string[],
  url: string,
  ...urls: string[]
): Record<string, unknown> {
  return Object.fromEntries(lines.map((line) => [line, outcome(line, url, ...urls)]));
}

/** The same for each. */
export function all(lines: readonly string[], expected: unknown): Record<string, unknown> {
  return Object.fromEntries(lines.map((line) => [line, expected]));
}
