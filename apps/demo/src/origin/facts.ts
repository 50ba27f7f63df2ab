// What httpbin tells a client about its own request: args, headers, form, files, data, json, origin, url.
import type { Exchange, Values } from "./exchange.ts";

/** All that httpbin can say about a request. */
export interface Facts {
  readonly args: Values;
  readonly data: string;
  readonly files: Values;
  readonly form: Values;
  readonly headers: Record<string, string>;
  readonly json: unknown;
  readonly method: string;
  readonly origin: string;
  readonly url: string;
}

/** Reads everything that there is to say; throws nothing, whatever the content. */
export async function factsOf(exchange: Exchange): Promise<Facts> {
  return {
    ...headFacts(exchange),
    ...(await contentFacts(exchange)),
    method: exchange.method,
  };
}

/** The part that needs no content. */
export function headFacts({
  url,
  request,
}: Exchange): Pick<Facts, "args" | "headers" | "origin" | "url"> {
  return {
    args: collect(url.searchParams),
    headers: titled(request.rawHeaders),
    origin: request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "",
    url: url.href,
  };
}

async function contentFacts({
  request,
  content,
}: Exchange): Promise<Pick<Facts, "data" | "files" | "form" | "json">> {
  const type = request.headers["content-type"] ?? "";
  const nothing = { data: "", files: {}, form: {}, json: null };
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return { ...nothing, form: collect(new URLSearchParams(content.toString())) };
  }
  if (/^multipart\/form-data\b/i.test(type)) {
    const parts = await multipart(content, type);
    // Like httpbin: what is not a form after all is shown as it came.
    if (parts !== null) return { ...nothing, ...parts };
  }
  return { ...nothing, data: textOrDataUri(content, type), json: jsonOf(content) };
}

async function multipart(
  content: Buffer,
  type: string,
): Promise<Pick<Facts, "files" | "form"> | null> {
  const headers = { "content-type": type };
  const response = new Response(new Uint8Array(content), { headers });
  // oxlint-disable-next-line typescript/no-deprecated -- discouraged for servers that strangers reach; this is not one
  const form = await response.formData().catch(() => null);
  if (form === null) return null;
  const files: [string, string][] = [];
  const fields: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") fields.push([name, value]);
    else files.push([name, textOrDataUri(Buffer.from(await value.arrayBuffer()), value.type)]);
  }
  return { files: collect(files), form: collect(fields) };
}

function collect(pairs: Iterable<readonly [string, string]>): Values {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(values);
}

/** Names in Title-Case, as Python's WSGI leaves them; repeated fields joined with a comma. */
function titled(lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < lines.length; index += 2) {
    const name = (lines[index] ?? "")
      .toLowerCase()
      .replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
    const value = lines[index + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(headers);
}

function textOrDataUri(bytes: Buffer, type: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const [essence = ""] = type.split(";");
    return `data:${essence.trim() || "application/octet-stream"};base64,${bytes.toString("base64")}`;
  }
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch {
    return null;
  }
}
