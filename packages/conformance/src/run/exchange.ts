/* Drives the bare transport, below the session: for probes, and for what the contract says of `send` itself. */

import type {
  ContentReceiver,
  ExchangeTrace,
  FieldLines,
  Target,
  Transport,
  TransportRequest,
} from "@anyhttp/core";
import { fromBytes, toBytes } from "../case/bytes.ts";
import type { Exchange, Observation } from "../case/perform.ts";
import type { Fields } from "../case/script.ts";
import { describeError } from "./observe.ts";

/** Takes no notice of how far an exchange is. */
export const silent: ExchangeTrace = {
  mark: () => undefined,
  connected: () => undefined,
  watchesUpload: false,
  wrote: () => undefined,
  informational: null,
};

/** Performs one exchange and reads its content. */
export async function observeExchange(
  transport: Transport,
  exchange: Exchange,
  base: string,
): Promise<Observation> {
  const began = performance.now();
  const { method } = exchange;
  const target = targetOf(new URL(exchange.url, base));
  const request: TransportRequest = {
    method,
    target,
    headers: exchange.headers.flat(),
    body: exchange.body === null ? null : toBytes(exchange.body),
    expectContinue: false,
    signal: { aborted: false, reason: undefined, onabort: null },
    trace: silent,
  };
  let head: Partial<Observation> = {};
  try {
    const response = await transport.send(request);
    const { status, statusText, httpVersion } = response;
    head = { status, statusText, httpVersion, headers: pairs(response.headers), url: target.href };
    let content = "";
    const trailers = await new Promise<FieldLines | null>((resolve, reject) => {
      const receiver: ContentReceiver = {
        data: (piece) => {
          content += fromBytes(piece);
        },
        end: resolve,
        fail: reject,
      };
      response.body.start(receiver);
    });
    return {
      ...head,
      method,
      content,
      trailers: trailers && pairs(trailers),
      after: performance.now() - began,
    };
  } catch (error) {
    return { ...head, method, error: describeError(error), after: performance.now() - began };
  }
}

/** A target, split as core splits it. */
export function targetOf(url: URL): Target {
  const protocol = url.protocol as Target["protocol"];
  return {
    href: `${url.origin}${url.pathname}${url.search}`,
    protocol,
    origin: url.origin,
    host: url.host,
    hostname: url.hostname.replaceAll(/^\[|\]$/g, ""),
    port: Number(url.port) || (protocol === "https:" ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    fragment: url.hash,
  };
}

function pairs(lines: FieldLines): Fields {
  const all: [string, string][] = [];
  for (let i = 0; i < lines.length; i += 2) all.push([lines[i] ?? "", lines[i + 1] ?? ""]);
  return all;
}
