/* How long to wait before another attempt. */

import type { HttpHeaders } from "../headers.ts";
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
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Math.max(0, delay || 0);
}
