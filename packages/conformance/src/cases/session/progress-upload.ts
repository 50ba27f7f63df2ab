/* Progress of uploads: what listeners are told of request content on its way. */

import type { Progress } from "@anyhttp/core";
import {
  type CallOptions,
  type Case,
  defineCase,
  expects,
  filler,
  fillerBytes,
  type Kit,
  notApplicable,
  pause,
  readOn,
  refuses,
  respond,
  sequence,
  stall,
  stopReading,
} from "../../case.ts";
import { endsOf, fits, isMeasured, Told } from "./told.ts";

const size = 300_000;
const bytes = (): Uint8Array<ArrayBuffer> => fillerBytes(size);
const streams = { requestStreaming: "half-duplex" } as const;
const cut = { requestStreaming: "half-duplex", streamLength: "declared" } as const;

async function* pieces(): AsyncGenerator<Uint8Array> {
  const all = bytes();
  for (let at = 0; at < size; at += 50_000)
    yield await Promise.resolve(all.subarray(at, at + 50_000));
}

/** Makes a call with a listener, and notes what it was told first and last, and whether all of it fits together. */
const told =
  (options: () => CallOptions, method = "PUT") =>
  async (kit: Kit) => {
    const heard = new Told();
    const seen = await kit.observe(() =>
      kit.session.request(method, "a", { ...options(), onUploadProgress: heard.listener }),
    );
    for (const [name, value] of Object.entries(endsOf(heard.all))) kit.note(name, value);
    return seen;
  };

const all = {
  first: { transferred: 0, decoded: 0, bytesPerSecond: 0, attempt: 1 },
  last: { transferred: size, decoded: size, total: size, ratio: 1, eta: 0, attempt: 1 },
  sound: "yes",
};

const whole: readonly (readonly [kind: string, options: () => CallOptions])[] = [
  ["bytes", () => ({ body: bytes() })],
  ["text", () => ({ body: filler(size) })],
  ["blob", () => ({ body: new Blob([bytes()]) })],
  ["function", () => ({ body: () => bytes() })],
];
const streamed: readonly (readonly [kind: string, options: () => CallOptions])[] = [
  ["stream", () => ({ body: new Blob([bytes()]).stream() })],
  ["iterable", () => ({ body: pieces() })],
];

const wholeCases = whole.map(([kind, options]) =>
  defineCase({
    id: `session/progress/upload-of-${kind}`,
    title: `upload progress of content of known length (${kind}) must begin with 0 and end with all`,
    level: "must",
    origin: [respond(200)],
    perform: told(options),
    expect: {
      status: 200,
      arrivals: [{ filler: true, contentLength: size }],
      facts: { ...all, first: { ...all.first, total: size, ratio: 0 } },
    },
    hint: "check what is told before the first byte and behind the last",
  }),
);

const streamedCases = streamed.map(([kind, options]) =>
  defineCase({
    id: `session/progress/upload-of-${kind}`,
    title: `upload progress of content of unknown length (${kind}) must know the total at its end alone`,
    level: "must",
    requires: streams,
    otherwise: refuses("requestStreaming", "body"),
    origin: [respond(200)],
    perform: told(options),
    expect: { status: 200, arrivals: [{ filler: true, contentLength: size }], facts: all },
    hint: "check that nothing is guessed",
  }),
);

const large = 24_000_000;

const stalled = (
  [
    ["bytes", () => ({ body: fillerBytes(large) }), cut],
    ["blob", () => ({ body: new Blob([fillerBytes(large)]) }), cut],
  ] as const
).map(([kind, options, requires]) =>
  defineCase({
    id: `session/progress/upload-stalls-with-${kind}`,
    title: `upload progress must stand still between 0 and all while the peer takes nothing (${kind})`,
    level: "must",
    requires,
    otherwise: notApplicable("streamLength"),
    origin: [sequence(stopReading(), pause(600), readOn(), respond(200))],
    async perform(kit) {
      const heard = new Told();
      const call = kit.session.put("a", { ...options(), onUploadProgress: heard.listener });
      const seeing = kit.observe(() => call);
      await kit.origin.arrived();
      await new Promise((resolve) => setTimeout(resolve, 400));
      const { ratio = 0 } = heard.all.at(-1) ?? {};
      kit.note("standsBetween", ratio > 0 && ratio < 1);
      const seen = await seeing;
      kit.note("sound", fits(heard.all));
      kit.note("last", heard.all.at(-1)?.ratio);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ contentLength: large }],
      facts: { standsBetween: true, sound: "yes", last: 1 },
    },
    deadline: 20_000,
    exclusive: true,
    hint: "check that content is handed over in pieces, as the peer takes them",
  }),
);

/** What was told at the ends of each attempt. */
const ends = (progress: readonly Progress[]): string[] => [
  ...new Set(
    progress
      .filter(({ ratio }) => ratio === 0 || ratio === 1)
      .map(({ attempt, ratio }) => `${attempt}: ${String(ratio)}`),
  ),
];

const again = (
  [
    ["retry", [respond(503), respond(200)], { retry: { attempts: 2, backoff: 1 } }],
    ["redirect", [respond(307, [["location", "b"]]), respond(200)], {}],
  ] as const
).map(([how, origin, options]) =>
  defineCase({
    id: `session/progress/upload-anew-with-a-${how}`,
    title: `upload progress must begin anew with a ${how}, and say so by its attempt`,
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    origin,
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(() =>
        kit.session.put("a", { ...options, body: bytes(), onUploadProgress: heard.listener }),
      );
      kit.note("ends", ends(heard.all));
      return seen;
    },
    expect: { status: 200, arrivals: 2, facts: { ends: ["1: 0", "1: 1", "2: 0", "2: 1"] } },
    hint: "check that each sending has a meter of its own",
  }),
);

/** Cases of `session/progress` about uploads. */
export const progressUploadCases: readonly Case[] = [
  ...wholeCases,
  ...streamedCases,
  ...stalled,
  ...again,
  defineCase({
    id: "session/progress/upload-without-content",
    title: "nothing must be told of the upload of a request without content",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(() =>
        kit.session.get("a", { onUploadProgress: heard.listener }),
      );
      kit.note("told", heard.all.length);
      return seen;
    },
    expect: { status: 200, facts: { told: 0 } },
    hint: "check that no content is not content of no bytes",
  }),
  defineCase({
    id: "session/progress/upload-of-nothing",
    title: "upload progress of empty content must be whole from the beginning",
    level: "must",
    origin: [respond(200)],
    perform: told(() => ({ body: "" }), "POST"),
    expect: {
      status: 200,
      facts: {
        first: {
          transferred: 0,
          decoded: 0,
          total: 0,
          ratio: 1,
          eta: 0,
          bytesPerSecond: 0,
          attempt: 1,
        },
        last: { transferred: 0, decoded: 0, total: 0, ratio: 1, eta: 0, attempt: 1 },
        sound: "yes",
      },
    },
    hint: "check the ratio of nothing to nothing",
  }),
  defineCase({
    id: "session/progress/upload-of-multipart",
    title: "upload progress of a multipart form must count all of its bytes",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const heard = new Told();
      const form = new FormData();
      form.append("file", new Blob([bytes()]), "file.bin");
      const seen = await kit.observe(() =>
        kit.session.post("a", { multipart: form, onUploadProgress: heard.listener }),
      );
      const { contentLength } = (await kit.origin.ledger()).arrivals[0] ?? {};
      kit.note("same", heard.all.at(-1)?.transferred === contentLength);
      kit.note("sound", fits(heard.all));
      return seen;
    },
    expect: { status: 200, facts: { same: true, sound: "yes" } },
    hint: "check that what stands between the parts is counted",
  }),
  defineCase({
    id: "session/progress/upload-of-coded-content",
    title: "upload progress must tell bytes on the wire and bytes without their coding apart",
    level: "must",
    requires: streams,
    otherwise: expects({ status: 200, facts: { same: true, decoded: 2_000_000, sound: "yes" } }),
    origin: [respond(200)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(() =>
        kit.session.put("a", {
          body: fillerBytes(2_000_000),
          compress: "gzip",
          onUploadProgress: heard.listener,
        }),
      );
      const { contentLength } = (await kit.origin.ledger()).arrivals[0] ?? {};
      const last = heard.all.at(-1);
      kit.note("same", last?.transferred === contentLength && last?.total === contentLength);
      kit.note("decoded", last?.decoded);
      kit.note("total", heard.all[0]?.total ?? "unknown");
      kit.note("sound", fits(heard.all));
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ framing: "chunked" }],
      facts: { same: true, decoded: 2_000_000, total: "unknown", sound: "yes" },
    },
    hint: "check what is counted before the encoder, and what behind",
  }),
  defineCase({
    id: "session/progress/upload-of-small-coded-content",
    title: "upload progress of content that is coded before it is sent must know its coded length",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(() =>
        kit.session.put("a", {
          body: filler(size),
          compress: "gzip",
          onUploadProgress: heard.listener,
        }),
      );
      const { contentLength } = (await kit.origin.ledger()).arrivals[0] ?? {};
      kit.note("total", heard.all[0]?.total === contentLength);
      kit.note("last", heard.all.at(-1)?.decoded);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ framing: "length" }],
      facts: { total: true, last: size },
    },
    hint: "check that the total is of what is sent",
  }),
  defineCase({
    id: "session/progress/upload-slows-with-throttle",
    title: "upload progress must be told at most every 100 ms, with a speed and a time left",
    level: "must",
    requires: { requestStreaming: "half-duplex" },
    otherwise: refuses("requestStreaming", "throttle.upload"),
    origin: [respond(200)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(() =>
        kit.session.put("a", {
          body: filler(20_000),
          throttle: { upload: 20_000 },
          onUploadProgress: heard.listener,
        }),
      );
      const middle = heard.all.slice(1, -1);
      kit.note("sound", fits(heard.all));
      kit.note("several", middle.length >= 4);
      kit.note("seldom", heard.seldom);
      kit.note("speed", isMeasured(heard.all));
      return seen;
    },
    expect: { status: 200, facts: { sound: "yes", several: true, seldom: true, speed: true } },
    exclusive: true,
    hint: "check the clock of the meter",
  }),
  defineCase({
    id: "session/progress/upload-is-aborted",
    title: "upload progress must end short of all where the call is aborted",
    level: "must",
    requires: cut,
    otherwise: notApplicable("streamLength"),
    origin: [sequence(stopReading(), stall())],
    async perform(kit) {
      const heard = new Told();
      const controller = new AbortController();
      const { signal } = controller;
      const seeing = kit.observe(() =>
        kit.session.put("a", {
          body: fillerBytes(large),
          signal,
          onUploadProgress: heard.listener,
        }),
      );
      await kit.origin.arrived();
      controller.abort();
      const seen = await seeing;
      const count = heard.all.length;
      await new Promise((resolve) => setTimeout(resolve, 250));
      kit.note("after", heard.all.length - count);
      kit.note("short", (heard.all.at(-1)?.ratio ?? 1) < 1);
      return seen;
    },
    expect: {
      error: { code: "ERR_ABORTED" },
      arrivals: [{ complete: false }],
      facts: { after: 0, short: true },
    },
    hint: "check that the meter ends with its exchange",
  }),
  defineCase({
    id: "session/progress/upload-changes-no-framing",
    title: "content must be framed in the same way whether somebody listens or not",
    level: "must",
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const body = bytes();
      const onUploadProgress = (): void => undefined;
      const plain = await kit.observe(() => kit.session.put("a", { body }));
      return [plain, await kit.observe(() => kit.session.put("b", { body, onUploadProgress }))];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { framing: "length", filler: true, contentLength: size },
        { framing: "length", filler: true, contentLength: size },
      ],
    },
    hint: "check that pieces of a known length are sent with it",
  }),
];
