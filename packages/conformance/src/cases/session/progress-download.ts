/* Progress of downloads, and progress as an iterator. */

import type { Progress } from "@anyhttp/core";
import {
  type Case,
  chunk,
  cut,
  defineCase,
  expects,
  filler,
  gate,
  head,
  type Kit,
  lastChunk,
  notApplicable,
  oneOf,
  pause,
  read,
  type Reader,
  respond,
  respondChunked,
  respondJson,
  sendFiller,
  sequence,
  stall,
} from "../../case.ts";
import { coded, text } from "./coded-content.ts";
import { endsOf, fits, isMeasured, Told } from "./told.ts";

const size = 300_000;
const large = (length = size) =>
  sequence(head(200, [["content-length", String(length)]]), sendFiller(length));

/** Reads a response with a listener, and notes what it was told. */
const told =
  (reader: Reader, options: object = {}, method = "GET") =>
  async (kit: Kit) => {
    const heard = new Told();
    const seen = await kit.observe(
      () => kit.session.request(method, "a", { ...options, onDownloadProgress: heard.listener }),
      reader,
    );
    for (const [name, value] of Object.entries(endsOf(heard.all))) kit.note(name, value);
    return seen;
  };

const begin = { transferred: 0, decoded: 0, bytesPerSecond: 0, attempt: 1 };
const all = (length: number) => ({
  transferred: length,
  decoded: length,
  total: length,
  ratio: 1,
  eta: 0,
  attempt: 1,
});

const readers = (["bytes", "text", "pieces", "blob", "arrayBuffer"] as const).map((reader) =>
  defineCase({
    id: `session/progress/download-by-${reader === "arrayBuffer" ? "array-buffer" : reader}`,
    title: `download progress must begin with 0 and end with all (${reader})`,
    level: "must",
    origin: [large()],
    perform: told(reader),
    expect: {
      status: 200,
      content: filler(size),
      facts: { first: { ...begin, total: size, ratio: 0 }, last: all(size), sound: "yes" },
    },
    hint: "check that each reader has its content measured",
  }),
);

const json = '{"a":1}';

/** What was told of each attempt. */
const attempts = (progress: readonly Progress[]): number[] => [
  ...new Set(progress.map(({ attempt }) => attempt)),
];

/** The values that an iterator gives until it ends. */
async function drained(values: AsyncIterable<Progress>): Promise<Progress[]> {
  const seen: Progress[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

/** Cases of `session/progress` about downloads. */
export const progressDownloadCases: readonly Case[] = [
  ...readers,
  defineCase({
    id: "session/progress/download-by-json",
    title: "download progress of small content that comes with its head must be told as well",
    level: "must",
    origin: [respondJson({ a: 1 })],
    perform: told(read.json),
    expect: {
      status: 200,
      content: { a: 1 },
      facts: {
        first: { ...begin, total: json.length, ratio: 0 },
        last: all(json.length),
        sound: "yes",
      },
    },
    hint: "check the short way of content that is there at once",
  }),
  defineCase({
    id: "session/progress/download-of-unknown-length",
    title: "download progress of chunked content must know its total at its end alone",
    level: "must",
    origin: [respondChunked(200, [], ["abc", "defg"])],
    perform: told(read.text),
    expect: {
      status: 200,
      content: "abcdefg",
      facts: { first: begin, last: all(7), sound: "yes" },
    },
    hint: "check that nothing is guessed",
  }),
  defineCase({
    id: "session/progress/download-of-coded-content",
    title: "download progress must tell bytes on the wire and bytes without their coding apart",
    level: "must",
    requires: { contentCoding: "raw" },
    // Who decodes does not tell what came; the length is that of something else.
    otherwise: expects({
      status: 200,
      content: text,
      facts: { first: begin, last: all(text.length), sound: "yes" },
    }),
    origin: [respond(200, [["content-encoding", "gzip"]], coded.gzip)],
    perform: told(read.text),
    expect: {
      status: 200,
      content: text,
      facts: {
        first: { ...begin, total: coded.gzip.length, ratio: 0 },
        last: { ...all(coded.gzip.length), decoded: text.length },
        sound: "yes",
      },
    },
    hint: "check what is counted before the decoder, and what behind",
  }),
  defineCase({
    id: "session/progress/download-of-a-bomb",
    title: "download progress must go on counting without a ratio beyond 1 where content is coded",
    level: "must",
    origin: [respondChunked(200, [["content-encoding", "gzip"]], coded.gzip.split(""))],
    perform: told(read.text),
    expect: { status: 200, content: text, facts: { sound: "yes" } },
    hint: "check that decoded bytes are never held against a length on the wire",
  }),
  defineCase({
    id: "session/progress/download-of-head",
    title: "the length of a response to HEAD must not be taken for that of its content",
    level: "must",
    spec: ["RFC 9110 §9.3.2"],
    origin: [sequence(head(200, [["content-length", "5000"]]))],
    perform: told(read.text, {}, "HEAD"),
    expect: { status: 200, content: "", facts: { first: begin, last: all(0), sound: "yes" } },
    hint: "check whose length it is",
  }),
  defineCase({
    id: "session/progress/download-of-204",
    title: "download progress of a response without content must be whole at once",
    level: "must",
    origin: [respond(204)],
    perform: told(read.text),
    expect: { status: 204, content: "", facts: { last: all(0), sound: "yes" } },
    hint: "check the end of content that never begins",
  }),
  defineCase({
    id: "session/progress/download-is-at-most-every-100-ms",
    title: "download progress must be told at most every 100 ms, with a speed and a time left",
    level: "must",
    origin: [large(20_000)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(
        () =>
          kit.session.get("a", {
            throttle: { download: 20_000 },
            onDownloadProgress: heard.listener,
          }),
        read.bytes,
      );
      const middle = heard.all.slice(1, -1);
      kit.note("sound", fits(heard.all));
      kit.note("several", middle.length >= 4);
      kit.note("seldom", heard.seldom);
      kit.note("speed", isMeasured(heard.all));
      return seen;
    },
    expect: {
      status: 200,
      content: filler(20_000),
      facts: { sound: "yes", several: true, seldom: true, speed: true },
    },
    exclusive: true,
    hint: "check the clock of the meter",
  }),
  defineCase({
    id: "session/progress/download-does-not-lag",
    title: "what came last must be told within a moment, though nothing follows",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // Nothing comes before all of it has.
    otherwise: expects({
      status: 200,
      content: "abcde",
      facts: { transferred: oneOf(0, undefined) },
    }),
    origin: [
      sequence(
        head(200, [["transfer-encoding", "chunked"]]),
        chunk("abc"),
        pause(20),
        chunk("de"),
        gate("rest"),
        lastChunk(),
      ),
    ],
    async perform(kit) {
      const heard = new Told();
      const seeing = kit.observe(
        () => kit.session.get("a", { onDownloadProgress: heard.listener }),
        read.text,
      );
      await kit.origin.arrived();
      for (let i = 0; i < 40 && heard.all.at(-1)?.transferred !== 5; i++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      kit.note("transferred", heard.all.at(-1)?.transferred);
      await kit.origin.open("rest");
      return seeing;
    },
    expect: { status: 200, content: "abcde", facts: { transferred: 5 } },
    hint: "check that what is held back for 100 ms is told when they are over",
  }),
  defineCase({
    id: "session/progress/download-breaks-off",
    title: "download progress must end short of all where content breaks off",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // Content that does not become whole is none.
    otherwise: expects({
      error: { code: "ERR_CONTENT_TRUNCATED" },
      facts: {
        last: { transferred: 0, decoded: 0, total: 10, ratio: 0, attempt: 1 },
        sound: "yes",
      },
    }),
    origin: [sequence(head(200, [["content-length", "10"]]), sendFiller(4), pause(50), cut())],
    perform: told(read.bytes),
    expect: {
      error: { code: "ERR_CONTENT_TRUNCATED" },
      facts: {
        last: { transferred: 4, decoded: 4, total: 10, ratio: 0.4, attempt: 1 },
        sound: "yes",
      },
    },
    hint: "check what a failure tells",
  }),
  defineCase({
    id: "session/progress/download-is-left",
    title: "download progress must end when the content is given up",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // What has come whole leaves no rest.
    otherwise: expects(
      { status: 200, content: 4, facts: { after: 0, last: 4 } },
      { origin: [respond(200, [], "four")] },
    ),
    origin: [sequence(head(200, [["content-length", "10"]]), sendFiller(4), stall())],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(
        () => kit.session.get("a", { onDownloadProgress: heard.listener }),
        async (response) => {
          for await (const piece of response) return piece.byteLength;
          return 0;
        },
      );
      const { length } = heard.all;
      await new Promise((resolve) => setTimeout(resolve, 200));
      kit.note("after", heard.all.length - length);
      kit.note("last", heard.all.at(-1)?.transferred);
      return seen;
    },
    expect: { status: 200, content: 4, facts: { after: 0, last: 4 } },
    hint: "check that leaving a loop ends the meter",
  }),
  defineCase({
    id: "session/progress/download-unread",
    title: "nothing must be told of content that nobody reads",
    level: "must",
    origin: [large(1_000)],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(
        () => kit.session.get("a", { onDownloadProgress: heard.listener }),
        read.discard,
      );
      kit.note("told", heard.all.length);
      return seen;
    },
    expect: { status: 200, facts: { told: 0 } },
    hint: "check that a discarded rest is no download",
  }),
  defineCase({
    id: "session/progress/download-behind-redirect-and-retry",
    title: "download progress must be of the response that the caller gets, and name its attempt",
    level: "must",
    requires: { redirects: "visible" },
    otherwise: notApplicable("redirects"),
    session: { retry: { attempts: 2, backoff: 1 } },
    origin: [
      respond(302, [["location", "b"]], "elsewhere"),
      respond(503, [], "later"),
      respond(200, [], "abc"),
    ],
    async perform(kit) {
      const heard = new Told();
      const seen = await kit.observe(
        () => kit.session.get("a", { onDownloadProgress: heard.listener }),
        read.text,
      );
      kit.note("attempts", attempts(heard.all));
      kit.note("last", heard.all.at(-1)?.transferred);
      return seen;
    },
    expect: { status: 200, content: "abc", facts: { attempts: [3], last: 3 } },
    hint: "check that content on the way is not told of",
  }),
  defineCase({
    id: "session/progress/download-of-an-error",
    title: "download progress must be told of the content of an error response",
    level: "must",
    origin: [respond(404, [], "not here")],
    perform: told(read.text),
    expect: {
      error: { name: "StatusError", code: "ERR_STATUS" },
      facts: { last: all(8), sound: "yes" },
    },
    hint: "check that content which an error keeps is read like any other",
  }),
  defineCase({
    id: "session/progress/listener-that-throws",
    title: "a listener that throws must not harm its call",
    level: "must",
    catalogue: ["V-LK-02"],
    origin: [respond(200, [], "abc")],
    perform: (kit) => {
      const fail = (): never => {
        throw new Error("the listener's own");
      };
      return kit.observe(
        () =>
          kit.session.post("a", { body: "x", onUploadProgress: fail, onDownloadProgress: fail }),
        read.text,
      );
    },
    expect: { status: 200, content: "abc", arrivals: [{ content: "x" }] },
    hint: "check that what listeners throw is dropped",
  }),
  defineCase({
    id: "session/progress/listener-that-rejects",
    title: "a listener whose promise rejects must harm nobody",
    level: "must",
    origin: [respond(200, [], "abc")],
    perform: (kit) => {
      const fail = (): void => Promise.reject(new Error("the listener's own")) as unknown as void;
      return kit.observe(
        () =>
          kit.session.post("a", { body: "x", onUploadProgress: fail, onDownloadProgress: fail }),
        read.text,
      );
    },
    expect: { status: 200, content: "abc" },
    hint: "check that such a promise is taken care of",
  }),
  defineCase({
    id: "session/progress/listeners-of-a-session",
    title: "listeners of a session must hear of its calls, unless a call says otherwise",
    level: "must",
    origin: [respond(200, [], "abc"), respond(200, [], "abc"), respond(200, [], "abc")],
    async perform(kit) {
      const [theirs, own] = [new Told(), new Told()];
      const session = kit.makeSession({ onDownloadProgress: theirs.listener });
      const seen = [
        await kit.observe(() => session.get("a")),
        await kit.observe(() => session.get("b", { onDownloadProgress: own.listener })),
        await kit.observe(() => session.get("c", { onDownloadProgress: false })),
      ];
      kit.note("told", [theirs.all.length, own.all.length]);
      return seen;
    },
    expect: {
      calls: Array.from({ length: 3 }, () => ({ status: 200, content: "abc" })),
      facts: { told: [2, 2] },
    },
    hint: "check how the option merges",
  }),
  defineCase({
    id: "session/progress/listener-of-no-kind",
    title: "a listener that is no function must be refused",
    level: "must",
    origin: [],
    async perform(kit) {
      const wrong = "x" as never;
      return [
        await kit.observe(() => kit.session.get("a", { onUploadProgress: wrong })),
        await kit.observe(() => kit.session.get("a", { onDownloadProgress: wrong })),
      ];
    },
    expect: {
      calls: Array.from({ length: 2 }, () => ({
        error: { code: "ERR_INVALID_OPTION", requestSent: "no" },
      })),
      arrivals: [],
    },
    hint: "check the rule of the option",
  }),
  defineCase({
    id: "session/progress/iterate-while-content-is-read",
    title: "progress must be iterable while the content is read, up to its end",
    level: "must",
    origin: [large()],
    async perform(kit) {
      const call = kit.session.get("a");
      const values = drained(call.progress("download"));
      const seen = await kit.observe(() => call, read.bytes);
      const progress = await kit.within(1_000, values, "the progress to end");
      kit.note("sound", fits([{ ...(progress[0] as Progress), ratio: 0 }, ...progress]));
      kit.note("last", progress.at(-1)?.ratio);
      return seen;
    },
    expect: { status: 200, content: filler(size), facts: { sound: "yes", last: 1 } },
    hint: "check when the iterator ends",
  }),
  defineCase({
    id: "session/progress/iterate-the-upload",
    title: "progress of an upload must be iterable, up to its end",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const call = kit.session.put("a", { body: filler(size) });
      const values = drained(call.progress("upload"));
      const seen = await kit.observe(() => call);
      const progress = await kit.within(1_000, values, "the progress to end");
      const { transferred, ratio } = progress.at(-1) ?? {};
      kit.note("last", [transferred, ratio]);
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [{ filler: true, contentLength: size }],
      facts: { last: [size, 1] },
    },
    hint: "check that who asks together with the call sees all of it",
  }),
  defineCase({
    id: "session/progress/iterate-slowly",
    title: "who iterates slowly must get the newest progress, and hold nothing up",
    level: "must",
    origin: [large()],
    async perform(kit) {
      const call = kit.session.get("a");
      const values = call.progress("download");
      const seen = await kit.observe(() => call, read.bytes);
      const first = await values.next();
      kit.note("first", (first.value as Progress | undefined)?.ratio);
      kit.note("done", (await values.next()).done);
      return seen;
    },
    expect: { status: 200, content: filler(size), facts: { first: 1, done: true } },
    hint: "check that older values are dropped",
  }),
  defineCase({
    id: "session/progress/iterate-a-failure",
    title: "progress must end where its call fails",
    level: "must",
    origin: [cut()],
    async perform(kit) {
      const call = kit.session.put("a", { body: filler(size), retry: false });
      const both = Promise.all([
        drained(call.progress("upload")),
        drained(call.progress("download")),
      ]);
      const seen = await kit.observe(() => call);
      const [, down] = await kit.within(1_000, both, "the progress to end");
      kit.note("downloads", down.length);
      return seen;
    },
    expect: { error: {}, arrivals: 1, facts: { downloads: 0 } },
    hint: "check that no iterator waits for what will not come",
  }),
  defineCase({
    id: "session/progress/iterate-and-leave",
    title: "leaving the progress must leave the call alone",
    level: "must",
    origin: [large()],
    async perform(kit) {
      const call = kit.session.get("a");
      const seeing = kit.observe(() => call, read.bytes);
      for await (const { ratio } of call.progress("download")) {
        kit.note("first", ratio);
        break;
      }
      return seeing;
    },
    expect: { status: 200, content: filler(size), facts: { first: 0 } },
    hint: "check what return() of the iterator does",
  }),
];
