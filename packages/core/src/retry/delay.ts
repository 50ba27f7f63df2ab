/* How long to wait before another attempt. */

import type { HttpHeaders } from "../headers.ts";
import { httpDate } from "../http/date.ts";
import type { HttpResponse } from "../response.ts";
import type { RetryPolicy } from "./policy.ts";

/** The wait after an attempt, in milliseconds, by back-off alone: full jitter, so that many callers do not come at once. */
export function backoffDelay({ backoff, maxDelay }: RetryPolicy, attempt: number): number {
  const delay =
    typeof backoff === "function"
      ? backoff(attempt)
      : Math.random() * Math.min(maxDelay, backoff * 2 ** (attempt - 1));
  return Math.min(maxDelay, Math.max(0, delay || 0));
}

/** What `retry-after` asks for (RFC 9110 §10.2.3): seconds or a date, in milliseconds from now; 0 if it says nothing. */
export function retryAfterDelay(headers: HttpHeaders): number {
  const [value = ""] = headers.getAll("retry-after");
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  return Math.max(0, httpDate(value) - Date.now()) || 0;
}

/**
 * The wait after an attempt, in milliseconds: what the response asks for, and back-off on top, so that those who were
 * told the same time do not come at once. More than `maxDelay` only if the response asks for more.
 */
export function delayAfter(
  policy: RetryPolicy,
  response: HttpResponse | null,
  attempt: number,
): number {
  const asked = response && policy.retryAfter ? retryAfterDelay(response.headers) : 0;
  return Math.max(asked, Math.min(policy.maxDelay, asked + backoffDelay(policy, attempt)));
}
