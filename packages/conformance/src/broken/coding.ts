/* Transports and sessions that encode request content wrongly, or tell wrongly how far it is. */

import type {
  ContentEncoders,
  EncoderFactory,
  ExchangeTrace,
  Progress,
  RequestOptions,
  ResponsePromise,
} from "@anyhttp/core";
import { isStream } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";
import { reoptioned } from "./policies.ts";

type Piece = Uint8Array<ArrayBuffer>;

/** Encoders changed. */
const encoding =
  (change: (encode: EncoderFactory) => EncoderFactory): NonNullable<Broken["spoil"]> =>
  (correct) => ({
    ...spoilt(correct, {}),
    encoders: Object.fromEntries(
      Object.entries(correct.encoders).map(([coding, encode]) => [coding, change(encode)]),
    ) as ContentEncoders,
  });

/** What is told of written content changed. */
const writing =
  (change: (trace: ExchangeTrace) => Partial<ExchangeTrace>): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      request: (request) => {
        const { trace } = request;
        return withRequest(request, {
          trace: {
            mark: (step) => trace.mark(step),
            connected: (connection, reused) => trace.connected(connection, reused),
            informational: trace.informational,
            watchesUpload: trace.watchesUpload,
            wrote: (bytes) => trace.wrote(bytes),
            ...change(trace),
          },
        });
      },
    });

/** A session that does not heed these options of its calls. */
const without = (...names: readonly (keyof RequestOptions)[]): NonNullable<Broken["session"]> =>
  reoptioned((options) =>
    Object.fromEntries(
      Object.entries(options).filter(([name]) => !names.includes(name as keyof RequestOptions)),
    ),
  );

/** The same message of several cases. */
const all = (area: string, names: string, message: RegExp): Broken["caught"] =>
  Object.fromEntries(names.split(" ").map((name) => [`session/${area}/${name}`, message]));

const nothing: Progress = { transferred: 0, bytesPerSecond: 0, decoded: 0, attempt: 1 };

/** Ways to encode wrongly, and to tell wrongly. */
export const brokenCoding: readonly Broken[] = [
  {
    name: "encodes-nothing",
    spoil: encoding(() => (pieces) => pieces),
    caught: {
      ...all(
        "compress",
        "gzip-of-* deflate-of-* br-of-* zstd-of-*",
        /request 1: decoded: expected/,
      ),
      ...all(
        "compress",
        "both-ways connection-is-reused default-of-a-session expect-continue large-is-streamed redirect-* retry*",
        /request 1: decoded: expected/,
      ),
      "session/compress/throttle": /has not settled/,
    },
  },
  {
    name: "drops-the-end-of-the-coding",
    spoil: encoding(
      (encode) =>
        async function* cut(pieces) {
          let last: Piece | null = null;
          for await (const piece of encode(pieces)) {
            if (last) yield last;
            last = piece;
          }
        },
    ),
    caught: all("compress", "gzip-of-stream deflate-of-stream gzip-of-iterable", /got null/),
  },
  {
    name: "ends-coded-content-where-its-source-fails",
    spoil: encoding(
      (encode) => (pieces) =>
        encode(
          (async function* patient() {
            try {
              for await (const piece of pieces) yield piece;
            } catch {
              // As if that were all.
            }
          })(),
        ),
    ),
    caught: { "session/compress/source-fails": /has not settled|error\.code/ },
  },
  {
    name: "encodes-on-after-the-end",
    spoil: encoding((encode) => (pieces) => ({
      [Symbol.asyncIterator]() {
        const encoded = encode(pieces)[Symbol.asyncIterator]();
        return { next: () => encoded.next() };
      },
    })),
    caught: all(
      "compress",
      "abort abort-of-a-silent-source",
      /source: expected "ended"|has not settled|the source to be ended/,
    ),
  },
  {
    name: "calls-everything-gzip",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, {
            headers: mapFields(request.headers, (pairs) => [
              ...pairs.filter(([name]) => name.toLowerCase() !== "content-encoding"),
              ["content-encoding", "gzip"],
            ]),
          }),
      }),
    caught: {
      "session/compress/default-stands-back-for-own-*": /field content-encoding: expected/,
      "session/compress/middleware-has-coded-it": /field content-encoding: expected "x-own"/,
      "session/compress/nothing-to-compress": /field content-encoding: expected nothing/,
    },
  },
  {
    name: "forgets-to-compress",
    session: without("compress"),
    caught: {
      "session/compress/content-type-stays": /field content-encoding: expected "gzip"/,
      "session/compress/refusal-comes-first": /field content-encoding: expected "zstd"/,
      "session/compress/refuses-own-*": /expected "ERR_INVALID_OPTION", got "ERR_STATUS"/,
      "session/compress/unknown-coding": /expected "ERR_INVALID_OPTION", got "ERR_STATUS"/,
      "session/progress/upload-of-coded-content": /framing: expected "chunked"/,
    },
  },
  {
    name: "listens-to-no-signal",
    session: without("signal"),
    caught: {
      "session/compress/abort-at-once": /error\.code: expected "ERR_ABORTED"/,
      "session/progress/upload-is-aborted": /has not settled/,
    },
  },
  {
    name: "waits-for-ever",
    session: without("timeout"),
    caught: { "session/compress/write-timeout": /has not settled/ },
  },
  {
    name: "tells-no-progress",
    session: without("onUploadProgress", "onDownloadProgress"),
    caught: {
      ...all(
        "progress",
        "download-be* download-br* download-by-* download-is-* download-of-* upload-anew-* upload-of-* upload-s*",
        /expected .*, got/s,
      ),
      ...all("progress", "listener-of-no-kind listeners-of-a-session", /expected .*, got/),
      "session/progress/download-does-not-lag": /has not settled/,
    },
  },
  {
    name: "tells-before-it-knows",
    session: reoptioned((options) => {
      const { onUploadProgress, onDownloadProgress } = options;
      if (onUploadProgress) onUploadProgress(nothing);
      if (onDownloadProgress) onDownloadProgress(nothing);
      return options;
    }),
    caught: {
      "session/progress/download-unread": /told: expected 0/,
      "session/progress/upload-without-content": /told: expected 0/,
      "session/progress/listener-that-rejects": /escaped: unhandledRejection/,
      "session/progress/listener-that-throws": /the listener's own/,
    },
  },
  {
    name: "progress-never-ends",
    session: (make) =>
      new Proxy(make(), {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== "function") return member;
          const bound = member.bind(target) as (...args: unknown[]) => unknown;
          if (name !== "get" && name !== "put") return bound;
          return (...args: unknown[]) => {
            const call = bound(...args) as ResponsePromise;
            const never = new Promise<never>(() => undefined);
            const values = { next: () => never, return: () => never };
            return Object.assign(call, {
              progress: () => ({ [Symbol.asyncIterator]: () => values, ...values }),
            });
          };
        },
      }),
    caught: {
      ...all("progress", "iterate-a-failure iterate-the-upload iterate-while-*", /progress to end/),
      ...all("progress", "iterate-and-leave iterate-slowly", /has not settled/),
    },
  },
  {
    name: "goes-chunked-while-watched",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) => {
          const { body, trace } = request;
          return trace.watchesUpload && isStream(body)
            ? withRequest(request, { body: { source: body.source, length: null } })
            : request;
        },
      }),
    caught: { "session/progress/upload-changes-no-framing": /framing: expected "length"/ },
  },
  {
    name: "tells-double",
    spoil: writing((trace) => ({ wrote: (bytes) => trace.wrote(2 * bytes) })),
    caught: {
      ...all("progress", "upload-of-bytes upload-of-blob upload-of-stream", /last: expected/),
      "session/progress/iterate-the-upload": /last: expected \[300000,1\]/,
    },
  },
  {
    name: "tells-nothing-written",
    spoil: writing(() => ({ watchesUpload: false, wrote: () => undefined })),
    caught: {
      "probe/upload-progress/written": /the capability uploadProgress is overstated/,
      "session/progress/upload-stalls-with-*": /standsBetween: expected true/,
    },
  },
];
