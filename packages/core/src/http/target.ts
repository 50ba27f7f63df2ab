/* Target URIs (RFC 9110 §7.1): resolved against the base, checked, and split once. */

import { invalid } from "../errors.ts";
import { redactUrl, shown } from "../redact.ts";
import type { Target } from "../transport.ts";

/** Splits an absolute http(s) URL. @throws InvalidRequestError with what is wrong with it. */
export function parseTarget(url: URL): Target {
  const { protocol, hostname, port } = url;
  if (protocol !== "http:" && protocol !== "https:") {
    throw invalidUrl(url, "is not http or https", "Use an http or https URL.");
  }
  if (url.username || url.password)
    throw invalidUrl(url, "holds credentials", "Pass them as auth: basic(user, password).");
  const href = url.href.replace(/#.*/, "");
  return {
    href,
    protocol,
    origin: url.origin,
    host: url.host,
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    // Not pathname and search, which forget a question mark without a query.
    path: href.slice(url.origin.length),
    fragment: url.hash,
  };
}

/** Resolves what a caller passed as URL. @param option The option that it was passed as, if that has to be absolute. */
export function resolveUrl(input: string | URL, base: string | undefined, option?: string): URL {
  if (typeof input !== "string" && !(input instanceof URL)) {
    throw invalid("URL", `the ${option ?? "URL"} is ${shown(input)}`, "Pass a string or a URL.");
  }
  try {
    // What URL strips at both ends is let be. In between, Firefox takes a NUL for the end of a relative URL.
    return new URL(
      `${input}`.replace(/[\0- ]+/g, (run, at, { length }) =>
        at && at + run.length < length ? run.replaceAll("\0", "%00") : run,
      ),
      base,
    );
  } catch {
    // What the platform throws says no more, and holds the URL with all that is secret in it.
    if (option)
      throw invalidUrl(input, `is no ${option}`, "Pass an absolute URL, such as https://host/.");
    throw invalidUrl(
      input,
      base ? "is not valid" : "is not valid without a baseUrl",
      "Pass an absolute http(s) URL, or a relative one to a session with `baseUrl`.",
    );
  }
}

/** The base that relative URLs are resolved against: a folder, whether or not it ends in a slash. */
export function parseBase(base: string | URL): Target {
  const url = resolveUrl(base, undefined, "baseUrl");
  if (url.search || url.hash)
    throw invalidUrl(url, "is a baseUrl with a query or a fragment", "Move the query to params.");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return parseTarget(url);
}

function invalidUrl(url: string | URL, why: string, remedy: string): Error {
  return invalid("URL", `the URL ${redactUrl(String(url))} ${why}`, remedy);
}

/** Targets that a session has resolved: most sessions call a few URLs over and over, and parsing one costs microseconds. */
const mostTargets = 500;

/** Resolves what callers pass, against one base. */
export class Targets {
  readonly #base: string | undefined;
  readonly #known = new Map<string, Target>();

  constructor(base: string | undefined) {
    this.#base = base;
  }

  /** @throws InvalidRequestError */
  get(input: string | URL): Target {
    // A URL can change, a string cannot.
    const known = this.#known.get(input as string);
    if (known) return known;
    const target = parseTarget(resolveUrl(input, this.#base));
    if (this.#known.size >= mostTargets) this.#known.clear();
    if (typeof input === "string") this.#known.set(input, target);
    return target;
  }
}
