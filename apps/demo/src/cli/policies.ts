// What the command line says of authentication, cookies, retries and speed, made into options of a session.
import { basic, bearer, digest, type RequestOptions } from "@anyhttp/core";
import type { CallFlags } from "./call.ts";
import { UsageError } from "./exit-status.ts";

/** The options that the flags ask for. Throws a {@link UsageError}. */
export function policiesOf(flags: CallFlags): RequestOptions {
  const { retry, compress, limitRate } = flags;
  return {
    ...authOf(flags),
    ...(flags.cookie === undefined
      ? {}
      : { cookies: Object.fromEntries(flags.cookie.map(pairOf)) }),
    // On the command line, as with curl, what is counted is how often it is tried again.
    ...(retry === undefined ? {} : { retry: { attempts: retry + 1 } }),
    ...(compress === undefined ? {} : { compress }),
    ...(limitRate === undefined ? {} : { throttle: { download: limitRate, upload: limitRate } }),
  };
}

function authOf({ user, digest: challenged, bearer: token }: CallFlags): RequestOptions {
  if (token !== undefined) return { auth: bearer(token) };
  if (user === undefined) {
    if (challenged) throw new UsageError("--digest: whose? Add --user name:password");
    return {};
  }
  const colon = user.indexOf(":");
  if (colon < 0) throw new UsageError("--user: write it as name:password");
  const scheme = challenged ? digest : basic;
  return { auth: scheme(user.slice(0, colon), user.slice(colon + 1)) };
}

function pairOf(text: string): [string, string] {
  const sign = text.indexOf("=");
  if (sign < 1) throw new UsageError(`--cookie: write it as name=value, not '${text}'`);
  return [text.slice(0, sign), text.slice(sign + 1)];
}
