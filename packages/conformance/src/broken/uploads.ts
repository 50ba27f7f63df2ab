/* Transports and sessions that do to request content what nobody asked them to. */

import { isStream, type OutgoingStream } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const streaming =
  (change: (body: OutgoingStream) => OutgoingStream): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      request: (request) =>
        isStream(request.body) ? withRequest(request, { body: change(request.body) }) : request,
    });

/** A source whose end is told to nobody. */
function unended({ source, length }: OutgoingStream): OutgoingStream {
  return {
    length,
    source: {
      [Symbol.asyncIterator]() {
        const pieces = source[Symbol.asyncIterator]();
        return { next: () => pieces.next() };
      },
    },
  };
}

/** A source whose failure is its end. */
async function* unfailing(source: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void> {
  try {
    yield* source;
  } catch {
    // What is wrong with it, nobody hears.
  }
}

/** The same octets with another boundary of the same length. */
function rebounded(content: Bytes, from: string, to: string): Bytes {
  let text = "";
  for (const octet of content) text += String.fromCharCode(octet);
  return Uint8Array.from(text.replaceAll(from, to), (octet) => octet.charCodeAt(0));
}

/** Ways to spoil request content. */
export const brokenUploads: readonly Broken[] = [
  {
    name: "has-one-boundary-for-all",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          const at = request.headers.findIndex((value) => value.startsWith("multipart/"));
          const [, boundary] = /boundary=(.*)$/.exec(request.headers[at] ?? "") ?? [];
          if (boundary === undefined || !(request.body instanceof Blob))
            return transport.send(request);
          const known = "0".repeat(boundary.length);
          const content = new Uint8Array(await request.body.arrayBuffer());
          const headers = mapFields(request.headers, (pairs) =>
            pairs.map(([name, value]) => [name, value.replace(boundary, known)]),
          );
          return transport.send(
            withRequest(request, { headers, body: rebounded(content, boundary, known) }),
          );
        },
      }),
    caught: {
      "session/multipart/boundaries-are-not-of-math-random": /different: expected 40, got 1/,
      "session/multipart/boundary-of-a-former-request": /wanted: expected true, got false/,
      "transport/content/multipart-boundary-is-fresh": /boundaries: expected 2, got 1/,
    },
  },
  {
    name: "leaves-sources-open",
    spoil: streaming(unended),
    caught: {
      "session/multipart/an-abort-closes-its-parts": /closed: expected \[1,1,1\], got \[0,0,1\]/,
      "transport/upload-sources/node-stream-is-destroyed-*": /destroyed: expected true, got false/,
      "transport/upload-sources/web-stream-is-cancelled-by-an-abort":
        /cancelled: expected 1, got 0/,
    },
  },
  {
    name: "takes-failures-of-sources-for-their-end",
    spoil: streaming(({ source }) => ({ source: unfailing(source), length: null })),
    caught: {
      "session/multipart/shorter-than-its-length": /complete: expected 0, got 1/,
      "session/multipart/longer-than-its-length": /complete: expected 0, got 1/,
      "session/multipart/source-that-fails": /complete: expected 0, got 1/,
      "session/multipart/file-that-is-cut": /complete: expected 0, got 1/,
      "session/multipart/pieces-of-wrong-kinds": /complete: expected 0, got 1/,
      "session/multipart/a-fault-closes-the-other-parts":
        /expected an error "ERR_CONTENT_SOURCE", got status 200/,
      "transport/upload-sources/node-stream-of-objects": /complete: expected 0, got 1/,
      "transport/upload-sources/node-stream-that-fails": /complete: expected 0, got 1/,
      "transport/upload-sources/node-stream-that-ends-early": /complete: expected 0, got 1/,
      "transport/upload-sources/node-stream-that-fails-before-it-is-read":
        /expected an error "ERR_CONTENT_SOURCE", got status 200/,
      "transport/upload-sources/iterable-that-throws": /complete: expected 0, got 1/,
      "transport/upload-sources/iterable-that-cannot-begin": /complete: expected 0, got 1/,
      "transport/upload-sources/open-file-that-is-cut": /complete: expected 0, got 1/,
      "transport/upload-sources/open-file-of-several-calls":
        /codes: expected .*, got \["200","200"\]/,
    },
  },
  {
    name: "unescapes-names",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          const { body } = request;
          if (!(body instanceof Blob)) return transport.send(request);
          const content = new Uint8Array(await body.arrayBuffer());
          const pairs = [
            ["%0D", "\r"],
            ["%0A", "\n"],
            ["%22", '"'],
          ] as const;
          const open = pairs.reduce((octets, [from, to]) => rebounded(octets, from, to), content);
          return transport.send(withRequest(request, { body: open }));
        },
      }),
    caught: Object.fromEntries(
      ["quote", "cr", "lf", "crlf", "empty-line", "second-name", "second-filename", "second-field"]
        .flatMap((name) => ["name", "filename", "form-data-name"].map((of) => `${of}-${name}`))
        .map((name) => [`session/multipart/${name}`, /parts: expected/]),
    ),
  },
  {
    name: "has-no-types",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) =>
              pairs.filter(([name]) => name.toLowerCase() !== "content-type"),
            ),
          }),
      }),
    caught: {
      "transport/content/type-of-a-blob-is-read-once": /first: expected true, got false/,
      "transport/content/type-of-a-file-is-read-once": /first: expected true, got false/,
      "transport/content/type-of-params-is-fixed": /field content-type: expected/,
      "transport/content/type-of-a-form-class-is-not-asked": /no boundary in the content-type/,
      "session/multipart/name-*": /no boundary in the content-type/,
      "session/multipart/middleware-changes-it": /field content-type: expected/,
    },
  },
  {
    name: "opens-functions-once",
    session: reoptioned((options) => {
      const { multipart } = options;
      if (!Array.isArray(multipart)) return options;
      const parts = (multipart as readonly { readonly content: unknown }[]).map((part) => {
        const { content } = part;
        if (typeof content !== "function") return part;
        let made: unknown;
        return { ...part, content: () => (made ??= (content as () => unknown)()) };
      });
      return { ...options, multipart: parts as never };
    }),
    caught: {
      "session/multipart/sent-again-as-it-was": /expected a response, got ERR_/,
      "session/multipart/redirected-with-its-parts": /call 1: expected a response, got ERR_/,
    },
  },
  {
    name: "sends-something-else-instead",
    session: reoptioned((options) => {
      const { body, multipart } = options;
      if (body && typeof body === "object" && "stat" in body) return { ...options, body: "else" };
      if (!Array.isArray(multipart)) return options;
      return { ...options, multipart: [{ name: "something", content: "else" }] };
    }),
    caught: {
      "session/multipart/function-that-fails": /error\.code: expected "ERR_CONTENT_SOURCE"/,
      "transport/upload-sources/open-file-that-cannot-be-read":
        /error\.code: expected "ERR_CONTENT_SOURCE"/,
      "transport/content/part-lengths-that-are-none-are-refused":
        /call 1: error\.name: expected "InvalidRequestError"/,
      "session/multipart/whole-where-nothing-streams": /parts: expected/,
    },
  },
];
