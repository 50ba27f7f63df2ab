/* A bearer token that is fetched when there is none, and renewed once for all calls that wait for it. */

import { arm, type Deadline, disarm, now } from "../clock.ts";
import { HttpError } from "../errors.ts";
import { isToken } from "../http/field.ts";
import { count, invalidOption, lay, milliseconds, type Rules } from "../options/rules.ts";
import { quiet } from "../quiet.ts";
import type { HttpRequest } from "../request.ts";
import type { Auth } from "./auth.ts";
import { type AuthOptions, originRule, schemeValue } from "./credentials.ts";

/** A token, with when it expires if that is known: a `Date`, or milliseconds as of `Date.now()`. */
export type Token =
  | string
  | { readonly token: string; readonly expiresAt?: number | Date | null | undefined };

/** Options of `tokenRefresh`. */
export interface TokenRefreshOptions extends AuthOptions {
  /** The token to begin with. Default: none, so that the first call fetches one. */
  readonly token?: Token | undefined;
  /**
   * Fetches a token; never called twice at once. A call that it makes on the same session needs `auth: false`, or it
   * waits for itself.
   * @param signal Fires when `timeout` is over.
   */
  readonly refresh: (signal: AbortSignal) => Token | Promise<Token>;
  /** What stands before the token. Default: `"Bearer"`. */
  readonly scheme?: string | undefined;
  /** How long before `expiresAt` a token is renewed, in milliseconds; at most half of the time that it had. Default: 10 000. */
  readonly early?: number | undefined;
  /** How long `refresh` may take, in milliseconds. Default: 30 000. */
  readonly timeout?: number | false | undefined;
}

type Settings = Record<"early" | "timeout", number> & { origin: string | null; scheme: string };

/** A token in use. */
interface Held {
  readonly value: string;
  /** When it is to be renewed, as of `Date.now()`. */
  readonly due: number;
}

/** Why there is no token. */
interface Failure {
  readonly what: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

const rules: Rules<Settings & Pick<TokenRefreshOptions, "token" | "refresh">> = {
  token: null,
  refresh: null,
  origin: originRule,
  scheme(value, _base, option) {
    if (typeof value === "string" && isToken(value)) return value;
    throw invalidOption(option, value, "Pass the name of a scheme, such as Bearer.");
  },
  early: count(0),
  timeout: milliseconds,
};

/**
 * A token with each request, renewed shortly before it expires, and when a 401 says that it no longer holds; then the
 * request is sent once more, if its content can be. Calls that need a new token wait for one `refresh`. If that fails,
 * all of them reject with `ERR_AUTH`, and the next call tries again. A request that was sent with an older token than
 * the present one is simply sent again.
 * @throws InvalidRequestError for an option that is unknown or wrong.
 */
export function tokenRefresh(options: TokenRefreshOptions): Auth {
  const defaults = { origin: null, scheme: "Bearer", early: 10_000, timeout: 30_000 };
  const { origin, scheme, early, timeout } = lay<Settings>(
    rules,
    defaults,
    options,
    "tokenRefresh.",
  );
  const { refresh, token } = options;
  if (typeof refresh !== "function")
    throw invalidOption("tokenRefresh.refresh", refresh, "Pass a function that fetches a token.");

  /** Checks a token. One that is over as it is fetched says that the clocks differ: then a 401 decides. */
  const hold = (given: Token, fetched: boolean): Held => {
    const { token: text, expiresAt }: Partial<Exclude<Token, string>> =
      typeof given === "string" ? { token: given } : (given ?? {});
    const value = schemeValue(scheme, text);
    const expires = Number(expiresAt ?? Infinity);
    if (Number.isNaN(expires))
      throw invalidOption("expiresAt", expiresAt, "Pass a Date, or milliseconds as of Date.now().");
    const left = expires - Date.now();
    const believed = left < Infinity && (left > 0 || !fetched);
    return { value, due: believed ? expires - Math.min(early, left / 2) : Infinity };
  };

  let held = token === undefined ? null : hold(token, false);
  let renewal: Promise<Held | Failure> | null = null;
  const sentAgain = new WeakSet<HttpRequest>();

  /** One renewal. Never rejects: each call that waits for it makes an error of its own, about its own request. */
  const renew = async (): Promise<Held | Failure> => {
    const outcome = await within(timeout, async (signal) => hold(await refresh(signal), true));
    renewal = null;
    if ("value" in outcome) held = outcome;
    return outcome;
  };

  return {
    name: "tokenRefresh",
    origin,

    authorize() {
      if (held && Date.now() < held.due) return held.value;
      renewal ??= renew();
      return quiet(renewal.then(valueOf));
    },

    answered(request, { status }, sent) {
      const again = sentAgain.delete(request);
      if (status !== 401 || again) return false;
      sentAgain.add(request);
      // Whoever was sent with another token has nothing to say of this one.
      if (held?.value === sent) held = null;
      return true;
    },
  };
}

/** What a task comes to, which has only so much time. */
function within(
  timeout: number,
  task: (signal: AbortSignal) => Promise<Held>,
): Promise<Held | Failure> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const deadline: Deadline = {
      at: now() + timeout,
      slot: -1,
      expire() {
        const what = `the token was not refreshed within ${timeout} ms`;
        resolve({
          what,
          remedy:
            "Raise timeout of tokenRefresh, or see what its refresh waits for; on the same session it needs auth: false.",
        });
        controller.abort(new Error(what));
      },
    };
    arm(deadline);
    const over = (outcome: Held | Failure): void => {
      disarm(deadline);
      resolve(outcome);
    };
    task(controller.signal).then(over, (cause: unknown) =>
      over({ what: "the token could not be refreshed", remedy: "See cause.", cause }),
    );
  });
}

function valueOf(outcome: Held | Failure): string {
  if ("value" in outcome) return outcome.value;
  const { what, remedy, cause } = outcome;
  throw new HttpError("ERR_AUTH", what, remedy, { cause });
}
