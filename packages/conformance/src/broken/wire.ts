/* Transports that are helpful on the wire: they tidy, drop, refuse or collect what they should send. */

import { type ConnectionInfo, httpError, isStream, type OutgoingStream } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";

const forbidden = /^(?:accept-charset|cookie|date|dnt|origin|referer|via|proxy-.*|sec-.*)$/i;
const unknownConnection: ConnectionInfo = {
  remoteAddress: null,
  remotePort: null,
  localAddress: null,
  localPort: null,
  tlsProtocol: null,
};

/** One-shot content, changed. */
const streaming =
  (change: (body: OutgoingStream) => OutgoingStream): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      request: (request) =>
        isStream(request.body) ? withRequest(request, { body: change(request.body) }) : request,
    });

/** Ways to be too helpful, or not to tell. */
export const brokenWires: readonly Broken[] = [
  {
    name: "tidies-targets",
    spoil: (correct) =>
      spoilt(correct, {
        request(request) {
          const url = new URL(request.target.href);
          url.search = new URLSearchParams(url.search).toString();
          const path = url.pathname
            .replaceAll(/%[46]\d/g, (octet) => decodeURIComponent(octet))
            .replaceAll(/\/{2,}/g, "/");
          const tidied = new URL(path + url.search, request.target.href);
          const target = {
            ...request.target,
            href: tidied.href,
            path: tidied.pathname + tidied.search,
          };
          return withRequest(request, { target });
        },
      }),
    caught: {
      "transport/target/query-is-kept-verbatim": /request 1: path: expected/,
      "transport/target/percent-encoding-is-untouched": /request 1: path: expected/,
      "transport/target/empty-segments-are-kept": /request 1: path: expected/,
    },
  },
  {
    name: "cuts-long-targets",
    spoil: (correct) =>
      spoilt(correct, {
        request(request) {
          const { target } = request;
          const change = { href: target.href.slice(0, 2048), path: target.path.slice(0, 2000) };
          return withRequest(request, { target: { ...target, ...change } });
        },
      }),
    caught: { "transport/target/long-path-arrives-whole": /request 1: path: expected/ },
  },
  {
    name: "joins-request-fields",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) => {
              const joined = new Map<string, string>();
              for (const [name, value] of pairs) {
                const key = name.toLowerCase();
                const known = joined.get(key);
                joined.set(key, known === undefined ? value : `${known}, ${value}`);
              }
              return [...joined];
            }),
          }),
      }),
    caught: {
      "transport/fields/request-order-case-and-duplicates": /request 1: field lines: expected/,
      "transport/fields/arrays-repeat-the-line": /request 1: field lines: expected/,
    },
  },
  {
    name: "leaves-out-empty-fields",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) =>
              pairs.filter(([, value]) => value !== ""),
            ),
          }),
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([, value]) => value !== ""),
          ),
        }),
      }),
    caught: {
      "transport/fields/empty-value-is-sent": /field x-empty: expected \[""\], got \[\]/,
      "transport/fields/empty-response-value": /header x-empty: expected \[""\], got \[\]/,
    },
  },
  {
    name: "drops-forbidden-fields",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) =>
              pairs.filter(([name]) => !forbidden.test(name)),
            ),
          }),
      }),
    caught: {
      "transport/fields/cookie-is-sent-as-given": /field cookie: expected/,
      "probe/forbidden-fields/*": /the capability forbiddenFields is overstated/,
    },
  },
  {
    name: "refuses-what-fetch-refuses",
    spoil: (correct) =>
      spoilt(correct, {
        send: (request, transport) =>
          request.method === "TRACE" || (request.method === "GET" && request.body !== null)
            ? Promise.reject(httpError("ERR_NETWORK"))
            : transport.send(request),
      }),
    caught: {
      "transport/method/trace": /expected a response, got ERR_NETWORK/,
      "transport/method/get-with-content": /expected a response, got ERR_NETWORK/,
      "probe/methods/*": /the capability methods is overstated/,
      "probe/get-content/*": /the capability getContent is overstated/,
    },
  },
  {
    name: "forgets-declared-lengths",
    spoil: streaming(({ source }) => ({ source, length: null })),
    caught: {
      "session/redirect/declared-length-is-declared-again":
        /request 1: framing: expected "length", got "chunked"/,
      "transport/content/stream-of-declared-length": /framing: expected "length", got "chunked"/,
      "session/multipart/stream-of-declared-length": /framing: expected "length", got "chunked"/,
      "session/multipart/open-files": /framing: expected "length", got "chunked"/,
      "transport/upload-sources/open-file": /framing: expected "length", got "chunked"/,
      "probe/stream-length/*": /the capability streamLength is overstated/,
    },
  },
  {
    name: "collects-streams",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          const { body } = request;
          if (!isStream(body)) return transport.send(request);
          const pieces: Uint8Array<ArrayBuffer>[] = [];
          for await (const piece of body.source) pieces.push(piece);
          return transport.send(withRequest(request, { body: new Blob(pieces) }));
        },
      }),
    caught: {
      "transport/content/stream-flows-while-it-is-made": /got ERR_CONTENT_SOURCE/,
      "session/multipart/parts-flow-while-they-are-made": /got ERR_CONTENT_SOURCE/,
      "probe/request-streaming/*": /the capability requestStreaming is overstated/,
    },
  },
  {
    name: "hides-connections",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            trace: {
              mark: (step) => request.trace.mark(step),
              connected: (_, reused) => request.trace.connected(unknownConnection, reused),
              watchesUpload: request.trace.watchesUpload,
              wrote: (bytes) => request.trace.wrote(bytes),
              informational: request.trace.informational,
            },
          }),
        response: (response) => ({ ...response, httpVersion: null }),
      }),
    caught: { "probe/connection-info/*": /the capability connectionInfo is overstated/ },
  },
  {
    name: "counts-no-connections",
    spoil: (correct) => ({ ...spoilt(correct, {}), idle: () => new Map() }),
    caught: { "probe/connection-pool/*": /the capability connectionPool is overstated/ },
  },
  {
    name: "keeps-cookies",
    spoil(correct) {
      let kept: readonly string[] = [];
      return spoilt(correct, {
        request: (request) => withRequest(request, { headers: [...request.headers, ...kept] }),
        response(response) {
          const at = response.headers.findIndex((name) => name.toLowerCase() === "set-cookie");
          if (at >= 0) kept = ["cookie", (response.headers[at + 1] ?? "").split(";", 1).join()];
          return response;
        },
      });
    },
    caught: { "probe/cookies/*": /the capability cookies is overstated/ },
  },
];
