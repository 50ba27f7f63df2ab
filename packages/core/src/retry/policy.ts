/* What `retry` says: which failures are worth another attempt, how many, and how long to wait between them. */

import type { ErrorCode } from "../error-codes.ts";
import type { HttpError } from "../errors.ts";
import { checkMethod, type HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import {
  callable,
  count,
  flag,
  invalidOption,
  listOf,
  milliseconds,
  record,
  type Rule,
} from "../options/rules.ts";

/** One attempt that failed, as `shouldRetry` sees it. Either `error` or `response` is set. */
export interface RetryFailure {
  readonly request: HttpRequest;
  /** What there was instead of a response. */
  readonly error: HttpError | null;
  /** A response of status 400 or above; its content is unread, and must be left so. */
  readonly response: HttpResponse | null;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
}

/** What a budget allows. */
export interface RetryBudgetOptions {
  /** Retries that an origin may have in a row without a success, from 1. Default: 100. */
  readonly capacity?: number | undefined;
  /** What each success gives back, from 0 to 1. Default: 0.1, so that in the long run one request in ten may be a retry. */
  readonly refill?: number | undefined;
}

/** When a request is sent again after it failed. */
export interface RetryOptions {
  /**
   * How often a request is sent in all, the first time included; each hop of a redirect counts anew. `Infinity`: until
   * budget or `timeout.total` end it. Default: 1.
   */
  readonly attempts?: number | undefined;
  /**
   * Methods that may be repeated. Default: the idempotent ones (RFC 9110 §9.2.2): GET, HEAD, OPTIONS, TRACE, PUT, DELETE.
   * Others are repeated if the request never left, or if it has an `idempotency-key` field.
   */
  readonly methods?: readonly string[] | undefined;
  /** Statuses that are worth another attempt. Default: 408, 425, 429, 500, 502, 503, 504. */
  readonly statuses?: readonly number[] | undefined;
  /** Codes of errors that are worth another attempt. Default: those of a passing kind (see `HttpError.retryable`). */
  readonly errors?: readonly ErrorCode[] | undefined;
  /**
   * The wait before the second attempt is random, up to so many milliseconds; the bound doubles with each attempt (full
   * jitter). Or a function of the attempt that failed, from 1, that returns the wait itself. Default: 250.
   */
  readonly backoff?: number | ((attempt: number) => number) | undefined;
  /**
   * The longest wait, in milliseconds; `false`: any. A server that asks for a longer one is not asked again. Default:
   * 30 000.
   */
  readonly maxDelay?: number | false | undefined;
  /** Whether `retry-after` of the response is obeyed (RFC 9110 §10.2.3); back-off is added to it. Default: `true`. */
  readonly retryAfter?: boolean | undefined;
  /** What keeps retries from multiplying the load of an origin that is down. `false`: nothing. */
  readonly budget?: RetryBudgetOptions | false | undefined;
  /**
   * Has the last word on whether a failure is worth another attempt, whatever its method, status or code; `undefined`
   * leaves it to the rules. Attempts, budget, and content that cannot be sent again still bound it.
   */
  readonly shouldRetry?:
    | ((failure: RetryFailure) => boolean | undefined | Promise<boolean | undefined>)
    | undefined;
  /** Whether requests that are not idempotent get an `idempotency-key`, one for all attempts. Default: `false`. */
  readonly idempotencyKey?: boolean | undefined;
}

/** The budget as it holds. */
type RetryBudget = { readonly [K in keyof RetryBudgetOptions]-?: number };

/** The policy as it holds. */
export interface RetryPolicy {
  /** Whether an idempotent request is sent once more, at once, on a connection that turned out dead. */
  readonly resend: boolean;
  readonly attempts: number;
  /** `null`: the idempotent ones. */
  readonly methods: readonly string[] | null;
  readonly statuses: readonly number[];
  /** `null`: those of a passing kind. */
  readonly errors: readonly ErrorCode[] | null;
  readonly backoff: number | ((attempt: number) => number);
  readonly maxDelay: number;
  readonly retryAfter: boolean;
  readonly budget: RetryBudget | false;
  readonly shouldRetry: RetryOptions["shouldRetry"] | null;
  readonly idempotencyKey: boolean;
}

export const defaultRetry: RetryPolicy = {
  resend: true,
  attempts: 1,
  methods: null,
  statuses: [408, 425, 429, 500, 502, 503, 504],
  errors: null,
  backoff: 250,
  maxDelay: 30_000,
  retryAfter: true,
  budget: { capacity: 100, refill: 0.1 },
  shouldRetry: null,
  idempotencyKey: false,
};

const budgetRule = record<RetryBudget>({ capacity: count(1), refill: share });

const rules = record<Omit<RetryPolicy, "resend">>({
  attempts(value, _base, option) {
    // Whoever says false wants no retries, not any number of them.
    if (value === Infinity || (Number.isInteger(value) && (value as number) > 0))
      return value as number;
    throw invalidOption(option, value, "Pass a whole number of at least 1, or retry: false.");
  },
  methods: (value, base, option) =>
    listOf<string>("methods", isText)(value, base ?? [], option).map(checkMethod),
  statuses: listOf("statuses from 400 to 599", isFailure),
  errors: listOf("codes such as ERR_CONNECT_REFUSED", isCode) as Rule<readonly ErrorCode[] | null>,
  backoff(value, _base, option) {
    if (typeof value === "function" || (Number.isFinite(value) && (value as number) > 0))
      return value as RetryPolicy["backoff"];
    throw invalidOption(
      option,
      value,
      "Pass milliseconds above 0, or a function (attempt) => milliseconds.",
    );
  },
  maxDelay: milliseconds,
  retryAfter: flag,
  budget: (value, base, option) =>
    value === false ? value : budgetRule(value, base || (defaultRetry.budget as never), option),
  shouldRetry: callable("(failure) => boolean | undefined"),
  idempotencyKey: flag,
});

/** Merged field by field; `false`: one attempt, and no second one on a dead connection either. */
export const retryRule: Rule<RetryPolicy> = (value, base, option) =>
  value === false
    ? { ...base, attempts: 1, resend: false }
    : { ...base, ...rules(value, base, option), resend: true };

function share(value: unknown, _base: number, option: string): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw invalidOption(option, value, "Pass a number from 0 to 1.");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Codes of the tree: those of the platform, such as ECONNREFUSED, would never be met. */
function isCode(value: unknown): value is ErrorCode {
  return isText(value) && value.startsWith("ERR_");
}

function isFailure(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599;
}
