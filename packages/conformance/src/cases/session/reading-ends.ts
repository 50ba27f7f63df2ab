/* Who may read, how often, and how reading ends before its time, in every mode (ids `session/reading/…`). */

import { type HttpResponse, isHttpError } from "@anyhttp/core";
import {
  type Answer,
  call,
  type Case,
  chunk,
  close,
  content,
  defineCase,
  expects,
  gate,
  head,
  lastChunk,
  notApplicable,
  oneOf,
  respond,
  respondChunked,
  sequence,
  stall,
} from "../../case.ts";
import {
  halfHandedOver,
  type Mode,
  modes,
  readInHalves,
  streaming,
  wholeOf,
} from "./reading-modes.ts";

const nothing = (): void => undefined;
const whole = (mode: Mode): Answer => respond(200, [["content-type", mode.type]], wholeOf(mode));
const next = respond(200, [], "next");
const thenNext = { status: 200, content: "next" };
/** The first half of content, and then nothing more until the client has gone. */
const half = (mode: Mode): Answer =>
  sequence(
    head(200, [
      ["content-type", mode.type],
      ["content-length", "1000"],
    ]),
    content(mode.halves[0]),
    stall(),
  );
const byClient = oneOf("client-fin", "client-reset");
const used = "ERR_CONTENT_USED";

/** What a reader came to: its code if it failed. */
const outcome = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => "read",
    (error: unknown) => (isHttpError(error) ? error.code : String(error)),
  );

const once: readonly Case[] = modes.flatMap((mode) => [
  defineCase({
    id: `session/reading/whole-read-as-${mode.name}`,
    title: `the reader ${mode.name} must give all of the content, however it is framed`,
    level: "must",
    spec: ["RFC 9112 §6.3"],
    catalogue: ["F-BOD-08"],
    origin: [
      whole(mode),
      respondChunked(200, [["content-type", mode.type]], mode.halves),
      respondChunked(200, [["content-type", mode.type], ["trailer", "x-sum"]], wholeOf(mode).split(""), [["x-sum", "1"]]),
      respond(200, [["content-type", mode.type], ["connection", "keep-alive"]], wholeOf(mode), { version: "1.0" }),
      sequence(head(200, [["content-type", mode.type]]), content(wholeOf(mode)), close()),
    ], // prettier-ignore
    perform: Array.from({ length: 5 }, () =>
      call("GET", "a", {}, (response) => mode.read(response, nothing)),
    ),
    expect: { calls: Array.from({ length: 5 }, () => ({ status: 200, content: mode.value })) },
    hint: "check that pieces are joined and the end is the framing's",
  }),
  defineCase({
    id: `session/reading/slowly-read-as-${mode.name}`,
    title: `content that had come when the connection ended must reach the reader ${mode.name}, however late it reads`,
    level: "must",
    catalogue: ["F-BOD-06"],
    origin: [
      sequence(
        head(200, [["content-type", mode.type], ["transfer-encoding", "chunked"], ["connection", "close"]]),
        chunk(mode.halves[0]),
        gate("more"),
        chunk(mode.halves[1]),
        lastChunk(),
        close(),
      ),
    ], // prettier-ignore
    async perform(kit) {
      return kit.call(
        call("GET", "a", {}, async (response) => {
          await kit.origin.open("more");
          await new Promise((resolve) => setTimeout(resolve, 60));
          return mode.read(response, nothing);
        }),
      );
    },
    expect: { status: 200, content: mode.value },
    hint: "check that nothing is lost when FIN comes before the reader",
  }),
  defineCase({
    id: `session/reading/again-as-${mode.name}`,
    title: `the reader ${mode.name} must be refused content that was read, is being read or was discarded`,
    level: "must",
    origin: Array.from({ length: 4 }, () => whole(mode)),
    perform: [
      call("GET", "a", {}, async (response) => {
        await response.text();
        return outcome(mode.read(response, nothing));
      }),
      call("GET", "a", {}, async (response) => {
        const first = response.bytes();
        const second = await outcome(mode.read(response, nothing));
        return [second, (await first).length];
      }),
      call("GET", "a", {}, async (response) => {
        response.discard();
        return outcome(mode.read(response, nothing));
      }),
      call("GET", "a", {}, async (response) => {
        const first = outcome(mode.read(response, nothing));
        return [await outcome(response.text()), await first];
      }),
    ],
    expect: {
      calls: [
        { status: 200, content: used },
        { status: 200, content: [used, wholeOf(mode).length] },
        { status: 200, content: used },
        // Whoever asks for content first has it; when streams ask, their platform decides.
        {
          status: 200,
          content: mode.late ? oneOf(["read", used], [used, "read"]) : [used, "read"],
        },
      ],
    },
    hint: "check that content goes to one reader, and the other learns why",
  }),
]);

const early: readonly Case[] = modes.flatMap((mode) => [
  defineCase({
    id: `session/reading/aborted-while-read-as-${mode.name}`,
    title: `an abort must end the reader ${mode.name} at once, and close the connection`,
    level: "must",
    catalogue: ["F-ABT-01"],
    origin: { a: [half(mode)], b: [next] },
    async perform(kit) {
      const controller = new AbortController();
      const seen = await readInHalves(
        kit,
        mode,
        () => setTimeout(() => controller.abort("enough"), 20),
        { signal: controller.signal },
      );
      return [seen, await kit.call(call("GET", "b"))];
    },
    ...halfHandedOver(mode, {
      calls: [
        {
          status: 200,
          error: { name: "AbortError", code: "ERR_ABORTED", phase: "read", cause: "enough", requestSent: "yes" },
        },
        thenNext,
      ],
      connections: [{ closed: byClient }, {}],
    }), // prettier-ignore
    hint: "check that a reader that waits is told",
  }),
  defineCase({
    id: `session/reading/disposed-while-read-as-${mode.name}`,
    title: `a response that is disposed of must end its reader ${mode.name}, and close the connection`,
    level: "must",
    origin: { a: [half(mode)], b: [next] },
    async perform(kit) {
      const seen = await readInHalves(kit, mode, (response) =>
        setTimeout(() => void response[Symbol.asyncDispose](), 20),
      );
      return [seen, await kit.call(call("GET", "b"))];
    },
    ...halfHandedOver(mode, {
      calls: [
        { status: 200, error: { name: "ContentError", code: used, phase: "read" } },
        thenNext,
      ],
      connections: [{ closed: byClient }, {}],
    }),
    hint: "check that nobody waits for ever for content that was given up",
  }),
  defineCase({
    id: `session/reading/closed-while-read-as-${mode.name}`,
    title: `close({ force: true }) must end the reader ${mode.name}`,
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [half(mode)],
    async perform(kit) {
      let closing: Promise<void> | undefined;
      const seen = await readInHalves(
        kit,
        mode,
        () => setTimeout(() => void (closing = kit.session.close({ force: true })), 20),
        { timeout: { read: 1000 } },
      );
      await kit.within(5000, Promise.resolve(closing), "close()");
      return seen;
    },
    ...halfHandedOver(mode, {
      status: 200,
      error: {
        name: "SessionClosedError",
        code: "ERR_SESSION_CLOSED",
        phase: "read",
        requestSent: "yes",
      },
    }),
    hint: "check that a reader that waits is told",
  }),
  defineCase({
    id: `session/reading/closing-waits-for-${mode.name}`,
    title: `close() must wait until the reader ${mode.name} is done`,
    level: "must",
    catalogue: ["F-LIF-01"],
    origin: [
      sequence(
        head(200, [["content-type", mode.type], ["content-length", String(wholeOf(mode).length)]]),
        content(mode.halves[0]),
        gate("more"),
        content(mode.halves[1]),
      ),
    ], // prettier-ignore
    async perform(kit) {
      let closing: Promise<void> | undefined;
      const seen = await readInHalves(kit, mode, async () => {
        // Only a reader that is there is waited for.
        await new Promise((resolve) => setTimeout(resolve));
        closing = kit.session.close();
        const waited = new Promise((resolve) => setTimeout(resolve, 50, "waits"));
        kit.note("close", await Promise.race([waited, closing]));
        await kit.origin.open("more");
      });
      await kit.within(5000, Promise.resolve(closing), "close()");
      return seen;
    },
    expect: { status: 200, content: mode.value, facts: { close: "waits" } },
    hint: "check that a call lasts until its content has ended",
  }),
]);

const left: readonly Case[] = streaming.flatMap((mode) => [
  defineCase({
    id: `session/reading/left-while-read-as-${mode.name}`,
    title: `whoever leaves the loop over ${mode.name} must give the rest up, and the connection with it`,
    level: "must",
    requires: { responseStreaming: "streamed" },
    // What has come whole leaves no rest.
    otherwise: expects(
      { calls: [{ status: 200, content: "left" }, thenNext] },
      { origin: { a: [whole(mode)], b: [next] } },
    ),
    origin: { a: [half(mode)], b: [next] },
    async perform(kit) {
      const enough = new Error("enough");
      const first = await kit.call(
        call("GET", "a", {}, async (response) => {
          try {
            if (mode.late) {
              const reader = response.body.getReader();
              await reader.read();
              await reader.cancel();
            } else {
              await mode.read(response, () => {
                throw enough;
              });
            }
            return "left";
          } catch (error) {
            return error === enough ? "left" : error;
          }
        }),
      );
      return [first, await kit.call(call("GET", "b"))];
    },
    expect: {
      calls: [{ status: 200, content: "left" }, thenNext],
      connections: [{ closed: byClient }, {}],
    },
    session: { limits: { concurrency: 1 } },
    hint: "check that return() of the iterator gives the content up, and its slot",
  }),
]);

/** The iterators, which may be left by somebody who does not stand in the loop. */
const iterators: Readonly<Record<string, (response: HttpResponse) => AsyncIterator<unknown>>> = {
  pieces: (response) => response[Symbol.asyncIterator](),
  lines: (response) => response.lines(),
  ndjson: (response) => response.ndjson(),
  events: (response) => response.events(),
};

const leftWhileWaiting: readonly Case[] = streaming.flatMap((mode) => {
  const iterate = iterators[mode.name];
  if (!iterate) return [];
  return [
    defineCase({
      id: `session/reading/left-while-waiting-as-${mode.name}`,
      title: `return() must end a next() that waits for ${mode.name}, and give the rest up with its connection`,
      level: "must",
      spec: ["ECMA-262 §27.1.1.4"],
      requires: { responseStreaming: "streamed" },
      // Where content comes whole, nobody waits.
      otherwise: notApplicable("responseStreaming"),
      origin: { a: [half(mode)], b: [next] },
      async perform(kit) {
        const first = await kit.call(
          call("GET", "a", {}, async (response) => {
            const items = iterate(response);
            await items.next();
            const waiting = items.next();
            // So that it waits for what does not come.
            await new Promise((resolve) => setTimeout(resolve, 50));
            const leaving = items.return?.();
            const ends = [(await waiting).done, (await leaving)?.done, (await items.next()).done];
            return ends.join(" ");
          }),
        );
        return [first, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [{ status: 200, content: "true true true" }, thenNext],
        connections: [{ closed: byClient }, {}],
      },
      session: { limits: { concurrency: 1 } },
      hint: "check that return() reaches the content while somebody waits for it",
    }),
  ];
});

/** Cases of `session/reading` about who reads and how reading ends. */
export const readingEndCases: readonly Case[] = [...once, ...early, ...left, ...leftWhileWaiting];
