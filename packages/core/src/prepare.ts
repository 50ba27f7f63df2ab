/* What sessions and calls are made of before anything is sent: checks, and defaults that hang together. */

import { checkCoding } from "./content/encoded.ts";
import { requestContent } from "./content/request-content.ts";
import type { RequestContent } from "./content/source.ts";
import { invalid } from "./errors.ts";
import { checkRequestFields, portableFields } from "./http/request-fields.ts";
import type { Targets } from "./http/target.ts";
import type { RequestOptions } from "./options/options.ts";
import { invalidOption } from "./options/rules.ts";
import { forCalls, laid, type SessionSettings, type Settings } from "./options/settings.ts";
import { checkMethod, HttpRequest, withContentType, withIdempotencyKey } from "./request.ts";
import type { FieldLines, Target, Transport } from "./transport.ts";

export const noOptions: RequestOptions = Object.freeze({});

/**
 * What a call becomes. Everything that can be wrong with it is found here, before anything is sent.
 * @throws InvalidRequestError
 */
export function prepare(
  session: SessionSettings,
  targets: Targets,
  method: string,
  url: string | URL,
  options: RequestOptions,
): HttpRequest {
  const checkedMethod = checkMethod(method);
  let target = targets.get(url);
  const home = session.baseUrl?.origin;
  const foreign = home !== undefined && target.origin !== home;
  if (foreign && !session.allowOtherOrigins) {
    throw invalid(
      "URL",
      `the URL leads from baseUrl ${home} to another origin`,
      "Set allowOtherOrigins, or use a session without baseUrl.",
    );
  }
  let settings: Settings = foreign
    ? { ...session, headers: portableFields(session.headers), params: null }
    : session;
  let content: RequestContent | null = null;
  if (options !== noOptions) {
    settings = laid(forCalls, settings, options);
    content = requestContent(options) ?? null;
  }
  if (content && checkedMethod === "TRACE")
    throw invalid("CONTENT", "a TRACE request has no content (RFC 9110 §9.3.8)", "Leave it out.");
  if (settings.params) target = withParams(target, settings.params);
  let lines = settings.headers;
  if (lines !== session.headers) checkRequestFields(lines);
  if (content && settings.compress && options.compress) checkCoding(lines);
  if (settings.retry.idempotencyKey) lines = withIdempotencyKey(checkedMethod, lines);
  return new HttpRequest(checkedMethod, target, withContentType(lines, content), content, settings);
}

function withParams(target: Target, params: URLSearchParams): Target {
  const added = params.toString();
  if (added === "") return target;
  const mark = target.path.includes("?") ? (/[?&]$/.test(target.path) ? "" : "&") : "?";
  return {
    ...target,
    href: `${target.href}${mark}${added}`,
    path: `${target.path}${mark}${added}`,
  };
}

/** Credentials of a session have an origin, or there is no telling whom they would reach. */
export function boundAuth(settings: SessionSettings): SessionSettings {
  const { auth, baseUrl } = settings;
  if (!auth || auth.origin !== null) return settings;
  if (baseUrl) return { ...settings, auth: { ...auth, origin: baseUrl.origin } };
  throw invalid(
    "OPTION",
    "the option auth has no origin that it is for",
    "Set baseUrl, give the authentication an origin of its own, or pass auth with each call.",
  );
}

/** What every request says unless the caller says otherwise; browsers say it themselves. */
export function ownFields({ capabilities, decoders }: Transport): {
  readonly headers: FieldLines;
  readonly codings: string;
} {
  if (capabilities.forbiddenFields === "fetch") return { headers: ["accept", "*/*"], codings: "" };
  const codings = capabilities.contentCoding === "raw" ? Object.keys(decoders).join(", ") : "";
  const own = ["accept", "*/*", "user-agent", "anyhttp"];
  return { headers: codings === "" ? own : [...own, "accept-encoding", codings], codings };
}

/** The transport of a session's options. @throws InvalidRequestError */
export function transportOf(options: { readonly transport?: Transport } | undefined): Transport {
  if (options !== undefined && (typeof options !== "object" || options === null))
    throw invalidOption("options", options, "Pass an object.");
  const transport = options?.transport;
  if (typeof transport?.send === "function" && typeof transport.capabilities === "object")
    return transport;
  throw invalidOption(
    "transport",
    transport,
    "Pass one made by a factory, such as undiciTransport().",
  );
}
