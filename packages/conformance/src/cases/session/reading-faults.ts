/* Content that breaks off, stalls or is given up, in every way to read it (ids `session/reading/…`). */

import {
  type Answer,
  call,
  type Case,
  chunk,
  close,
  content,
  cut,
  defineCase,
  expects,
  gate,
  head,
  oneOf,
  reset,
  satisfying,
  secure,
  sequence,
  stall,
  trickle,
} from "../../case.ts";
import {
  halfHandedOver,
  handedOver,
  type Mode,
  modes,
  readInHalves,
  wholeOf,
} from "./reading-modes.ts";

/** Where, and with what, content breaks off: what comes first, then what comes when the reader has got that. */
interface Fault {
  readonly name: string;
  readonly what: string;
  readonly catalogue: string;
  readonly fields: (mode: Mode) => readonly (readonly [name: string, value: string])[];
  readonly before: (mode: Mode) => Answer;
  readonly behind: (mode: Mode) => Answer;
}

const chunked = (): readonly (readonly [string, string])[] => [["transfer-encoding", "chunked"]];
const length = (mode: Mode): readonly (readonly [string, string])[] => [
  ["content-length", String(wholeOf(mode).length)],
];
const firstChunk = (mode: Mode): Answer => chunk(mode.halves[0]);
const allInChunks = (mode: Mode): Answer => sequence(chunk(mode.halves[0]), chunk(mode.halves[1]));

const faults: readonly Fault[] = [
  { name: "short-by-fin", what: "declared content that a FIN ends", catalogue: "F-BOD-01", fields: length, before: ({ halves }) => content(halves[0]), behind: close },
  { name: "short-by-rst", what: "declared content that a RST ends", catalogue: "F-BOD-01", fields: length, before: ({ halves }) => content(halves[0]), behind: reset },
  { name: "short-by-one", what: "declared content that lacks its last octet", catalogue: "F-BOD-01", fields: length, before: ({ halves }) => content(halves[0]), behind: ({ halves: [, rest] }) => sequence(content(rest.slice(0, -1)), close()) },
  { name: "cut-in-a-chunk-size", what: "chunks that end in a chunk size", catalogue: "F-BOD-02", fields: chunked, before: firstChunk, behind: () => sequence(content("1"), close()) },
  { name: "cut-in-a-chunk", what: "chunks that end within one", catalogue: "F-BOD-02", fields: chunked, before: firstChunk, behind: ({ halves: [, rest] }) => sequence(content(`ff\r\n${rest.slice(0, 2)}`), close()) },
  { name: "cut-behind-a-chunk", what: "chunks that end before the line break of one", catalogue: "F-BOD-02", fields: chunked, before: firstChunk, behind: ({ halves: [, rest] }) => sequence(content(`${rest.length.toString(16)}\r\n${rest}`), close()) },
  { name: "cut-before-the-last-chunk", what: "chunks that have come all but the last", catalogue: "F-BOD-02", fields: chunked, before: allInChunks, behind: close },
  { name: "cut-in-the-trailers", what: "chunks that end in a trailer field", catalogue: "F-BOD-02", fields: chunked, before: allInChunks, behind: () => sequence(content("0\r\nx-a: 1"), close()) },
  { name: "cut-before-the-last-line", what: "chunks that lack the line break behind the last", catalogue: "F-BOD-02", fields: chunked, before: allInChunks, behind: () => sequence(content("0\r\n"), close()) },
]; // prettier-ignore

const truncated = {
  name: "ContentError",
  code: "ERR_CONTENT_TRUNCATED",
  phase: "read",
  requestSent: "yes",
  retryable: true,
} as const;
const phased = { failureDetail: "phased" } as const;
const opaque = expects({
  status: 200,
  error: { code: oneOf("ERR_NETWORK", "ERR_CONTENT_TRUNCATED") },
});
const typed = (mode: Mode, ...fields: readonly (readonly [string, string])[]): Answer =>
  head(200, [["content-type", mode.type], ...fields]);

const broken: readonly Case[] = faults.flatMap((fault) =>
  modes.map((mode) =>
    defineCase({
      id: `session/reading/${fault.name}-read-as-${mode.name}`,
      title: `${fault.what} must be an error of the reader ${mode.name}, behind what it has handed over`,
      level: "must",
      spec: ["RFC 9112 §8"],
      catalogue: [fault.catalogue],
      requires: phased,
      otherwise: opaque,
      origin: [
        sequence(
          typed(mode, ...fault.fields(mode)),
          fault.before(mode),
          gate("more"),
          fault.behind(mode),
        ),
      ],
      perform: (kit) => readInHalves(kit, mode, () => kit.origin.open("more")),
      expect: {
        status: 200,
        error: truncated,
        facts: { handed: handedOver(mode) },
        connections: 1,
      },
      hint: "check that the failure comes last, and is no end",
    }),
  ),
);

/** Content to the end of the connection, in each mode; one case for all, as platforms fail at all of them alike. */
const closeDelimited: readonly Case[] = (
  [
    ["rst-without-framing", "a RST", reset(), false],
    ["tls-cut-without-framing", "the end of TLS without close_notify", cut(), true],
  ] as const
).map(([name, what, end, tls]) =>
  defineCase({
    id: `session/reading/${name}-in-every-mode`,
    title: `${what} must be an error of every reader of content that runs to the end of the connection`,
    level: "must",
    spec: ["RFC 9112 §8"],
    catalogue: ["F-BOD-03"],
    requires: phased,
    otherwise: expects({ facts: { wrong: satisfying("some", Array.isArray) } }),
    ...(tls ? { doors: { main: secure() } } : {}),
    origin: Object.fromEntries(
      modes.map((mode) => [
        mode.name,
        [sequence(typed(mode), content(wholeOf(mode)), gate(mode.name), end)],
      ]),
    ),
    async perform(kit) {
      const wrong: unknown[] = [];
      for (const mode of modes) {
        const { error, content: got } = await kit.call(
          call("GET", mode.name, {}, (response) => {
            void kit.origin.open(mode.name);
            return mode.read(response, () => undefined);
          }),
        );
        if (error?.code !== "ERR_CONTENT_TRUNCATED") wrong.push([mode.name, error?.code ?? got]);
      }
      kit.note("wrong", wrong);
    },
    expect: { facts: { wrong: [] } },
    hint: "check that only FIN, and with TLS only close_notify, ends such content",
  }),
);

const quiet: readonly Case[] = modes.flatMap((mode) => [
  defineCase({
    id: `session/reading/stall-read-as-${mode.name}`,
    title: `content that stalls must end the reader ${mode.name} by the read timeout`,
    level: "must",
    catalogue: ["F-BOD-04"],
    origin: [sequence(typed(mode, ["content-length", "1000"]), content(mode.halves[0]), stall())],
    perform: (kit) => readInHalves(kit, mode, () => undefined, { timeout: { read: 200 } }),
    ...halfHandedOver(mode, {
      status: 200,
      error: {
        name: "TimeoutError",
        code: "ERR_TIMEOUT_READ",
        phase: "read",
        fields: { limit: 200 },
      },
    }),
    hint: "check that the clock runs in every mode",
  }),
  defineCase({
    id: `session/reading/trickle-read-as-${mode.name}`,
    title: `content that trickles must not outlast the total timeout in the reader ${mode.name}`,
    level: "must",
    catalogue: ["F-BOD-04"],
    origin: [
      sequence(
        typed(mode, ["content-length", "1000"]),
        content(mode.halves[0]),
        trickle(" ".repeat(900), { size: 1, every: 40 }),
      ),
    ],
    perform: (kit) =>
      readInHalves(kit, mode, () => undefined, { timeout: { total: 400, read: 5000 } }),
    expect: {
      error: {
        name: "TimeoutError",
        code: "ERR_TIMEOUT_TOTAL",
        phase: "total",
        fields: { limit: 400 },
      },
    },
    hint: "check that pieces do not put the total off",
  }),
]);

/** What is discarded may break as it likes. */
const discarded: readonly Case[] = faults.map((fault) => {
  const mode = modes[0] as Mode;
  return defineCase({
    id: `session/reading/${fault.name}-discarded`,
    title: `${fault.what} must fail nobody who has discarded it`,
    level: "must",
    catalogue: [fault.catalogue],
    origin: [
      sequence(
        typed(mode, ...fault.fields(mode)),
        fault.before(mode),
        gate("more"),
        fault.behind(mode),
      ),
    ],
    perform: (kit) =>
      kit.call(
        call("GET", "a", {}, async (response) => {
          response.discard();
          await kit.origin.open("more");
          return (await response.trailers) === null ? "given up" : "whole";
        }),
      ),
    expect: { status: 200, content: "given up" },
    hint: "check that a failure which nobody waits for is told to nobody",
  });
});

/** Cases of `session/reading` about content that breaks off, stalls or trickles. */
export const readingFaultCases: readonly Case[] = [
  ...broken,
  ...closeDelimited,
  ...quiet,
  ...discarded,
];
