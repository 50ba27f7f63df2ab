/* Target URIs (RFC 9110 §7.1): resolved against the base, checked, and split once. */

import { httpError } from "../errors.ts";
import { redactUrl } from "../redact.ts";
import type { Target } from "../transport.ts";

/** Parses an absolute http(s) URL. @throws InvalidRequestError with what is wrong with it. */
export function parseTarget(url: URL): Target {
  const { protocol } = url;
  if (protocol !== "http:" && protocol !== "https:") {
    throw invalidUrl(url.href, `the scheme ${protocol} is not http or https`, "Use an http or https URL.");
  }
  if (url.username !== "" || url.password !== "") {
    throw invalidUrl(url.href, "the URL holds credentials", "Pass them in the authorization header.");
  }
  const { hash, hostname, port } = url;
  const href = hash === "" && !url.href.endsWith("#") ? url.href : url.href.slice(0, url.href.indexOf("#"));
  return {
    href,
    protocol,
    origin: url.origin,
    host: url.host,
    hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    // Not pathname and search, which forget a question mark without a query.
    path: href.slice(url.origin.length),
  };
}

/** Resolves what a caller passed as URL. */
export function resolveUrl(input: string | URL, base: string | undefined): URL {
  if (typeof input !== "string" && !(input instanceof URL)) {
    throw invalidUrl(typeof input, "the URL is neither a string nor a URL", "Pass one of the two.");
  }
  try {
    return new URL(input, base);
  } catch (cause) {
    throw httpError("ERR_INVALID_URL", {
      what: `the URL ${JSON.stringify(redactUrl(String(input)))} is not valid${base === undefined ? " without a baseUrl" : ""}`,
      cause,
    });
  }
}

/** The base that relative URLs are resolved against: a folder, whether or not it ends in a slash. */
export function parseBase(base: string | URL): string {
  const url = resolveUrl(base, undefined);
  parseTarget(url);
  if (url.search !== "" || url.hash !== "") {
    throw invalidUrl(url.href, "baseUrl has a query or a fragment", "Move the query to params.");
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

function invalidUrl(url: string, what: string, remedy: string): Error {
  return httpError("ERR_INVALID_URL", { what: `${what} (${redactUrl(url)})`, remedy });
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
    if (typeof input !== "string") return parseTarget(resolveUrl(input, this.#base));
    const known = this.#known.get(input);
    if (known) return known;
    const target = parseTarget(resolveUrl(input, this.#base));
    if (this.#known.size >= mostTargets) this.#known.clear();
    this.#known.set(input, target);
    return target;
  }
}
