/* Heads as they are on the wire: the one of a request, rendered as given, and what a response's says about idling. */

import { bodyLength, type TransportRequest } from "@anyhttp/core";
import type { ClientRequest } from "node:http";

/** What a `ClientRequest` has for `http.request({ headers: [...] })`, the one way in that keeps order and case. */
interface Rendering {
  _storeHeader(firstLine: string, fields: readonly string[]): void;
  useChunkedEncodingByDefault: boolean;
  insecureHTTPParser: boolean;
  maxHeaderSize: number | undefined;
}

/** Methods whose content means something, so that its absence is said too (RFC 9110 §8.6). */
const withContent: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** Replaces the head that a library has prepared. Must come before the first byte of the request. */
export function renderHead(
  client: ClientRequest,
  request: TransportRequest,
  maxHeaderSize: number | undefined,
): void {
  const { method, target, body } = request;
  const fields = [...request.headers];
  // First, as RFC 9110 §7.2 wants it.
  if (!has(fields, "host")) fields.unshift("host", target.host);
  // With this one, Node sends the head at once.
  if (request.expectContinue) fields.push("expect", "100-continue");
  const length = bodyLength(body);
  if (length === null) fields.push("transfer-encoding", "chunked");
  else if (body !== null || withContent.has(method)) fields.push("content-length", String(length));

  // Node would upper-case it; methods are case-sensitive (RFC 9110 §9.1).
  client.method = method;
  client.maxHeadersCount = 0;
  const rendering = client as unknown as Rendering;
  // As strict as is usual, and with our limit, whatever the library took for its options.
  rendering.insecureHTTPParser = false;
  rendering.maxHeaderSize = maxHeaderSize;
  // Otherwise a request without content is sent chunked if Node does not know its method.
  rendering.useChunkedEncodingByDefault = length === null;
  rendering._storeHeader(`${method} ${target.path} HTTP/1.1\r\n`, fields);
}

function has(fields: readonly string[], name: string): boolean {
  for (let i = 0; i < fields.length; i += 2) {
    const field = fields[i] as string;
    if (field.length === name.length && field.toLowerCase() === name) return true;
  }
  return false;
}

/**
 * Whether content is framed in a way that leaves no doubt: not at all in transfer codings, or in `chunked` alone, which
 * HTTP/1.0 does not know (RFC 9112 §6.1). Parsers take an unknown coding for content to the end of the connection.
 */
export function isPlainlyFramed(fields: readonly string[], version: string | null): boolean {
  let codings = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    if (name.length !== 17 || name.toLowerCase() !== "transfer-encoding") continue;
    if (version === "1.0" || codings++ > 0) return false;
    if ((fields[i + 1] as string).trim().toLowerCase() !== "chunked") return false;
  }
  return true;
}

/**
 * Whether Node has overlooked that content is chunked: it knows no `chunked` with a tab behind it, hands the chunks over
 * as content, and shows the value without the tab. All that tells is that it gives the connection
 * up, which nobody has asked for.
 */
export function isOverlooked(fields: readonly string[], keepsAlive: boolean): boolean {
  if (keepsAlive || !has(fields, "transfer-encoding")) return false;
  for (let i = 0; i < fields.length; i += 2) {
    if (
      /^(proxy-)?connection$/i.test(fields[i] as string) &&
      /close/i.test(fields[i + 1] as string)
    )
      return false;
  }
  return true;
}

/** Whether nothing but the end of the connection says where content ends (RFC 9112 §6.3), of a head plainly framed. */
export function endsWithConnection(
  method: string,
  status: number,
  fields: readonly string[],
): boolean {
  if (method === "HEAD" || status === 204 || status === 304) return false;
  return !has(fields, "content-length") && !has(fields, "transfer-encoding");
}

/** Methods whose content a server may overlook, and take for the next request (RFC 9110 §9.3.1). */
const withoutContent = /^(GET|HEAD|DELETE|OPTIONS|TRACE)$/;

/**
 * Seconds for which the peer of a request announces to keep the connection; `null` if it does not say, 0 where it may
 * have overlooked content.
 */
export function announcedTimeout(
  fields: readonly string[],
  { method, body }: TransportRequest,
): number | null {
  if (body !== null && withoutContent.test(method) && bodyLength(body) !== 0) return 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    if (name.length === 10 && name.toLowerCase() === "keep-alive") {
      const found = /(?:^|[,;\s])timeout=(\d+)/i.exec(fields[i + 1] as string);
      return found ? Number(found[1]) : null;
    }
  }
  return null;
}
