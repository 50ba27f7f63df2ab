/* Coded content that is whole or broken, in every way to read it (ids `session/reading/…`). */

import {
  type ByteString,
  call,
  type Case,
  defineCase,
  expects,
  oneOf,
  respond,
  respondChunked,
} from "../../case.ts";
import { codedList, list, type Mode, modes } from "./reading-modes.ts";

const nothing = (): void => undefined;
const value: unknown = JSON.parse(list);

const noEvents: readonly unknown[] = [];

/** What each mode makes of the list. */
const listBy: Readonly<Record<string, unknown>> = {
  json: value,
  "form-data": [[list, ""]],
  lines: [list.slice(0, -1)],
  ndjson: [value],
  events: noEvents,
};
const listFor = ({ name }: Mode): unknown => (name in listBy ? listBy[name] : list);

const flipped = (coded: ByteString, at: number): ByteString =>
  coded.slice(0, at) + String.fromCharCode(coded.charCodeAt(at) ^ 0xff) + coded.slice(at + 1);

/** What can be wrong with the content of a coding. What has no check of its own cannot tell that a bit is wrong. */
const faults: readonly (readonly [
  name: string,
  what: string,
  spoil: (coded: ByteString, coding: string) => ByteString,
])[] = [
  ["cut", "that is cut", (coded) => coded.slice(0, -9)],
  ["corrupt", "that is corrupt", (coded, coding) => flipped(coded, coding === "br" ? 0 : coded.length - 10)],
  ["followed", "with octets behind its end", (coded) => `${coded}behind`],
]; // prettier-ignore

const joined = (got: unknown): string =>
  Array.isArray(got) ? got.map(joined).join("") : String(got);

const raw = { contentCoding: "raw" } as const;

/** What is the same in text and octets, whatever is made of the rest. */
const letters = (got: unknown): string => joined(got).replaceAll(/[^a-zA-Z0-9]/g, "");

/**
 * Where the platform decodes, by rules of its own: what it makes of broken content is a beginning, or an error. A coding
 * that it does not know it leaves, and the field that names it.
 */
const leniently = (mode: Mode, coding: string, sent: ByteString) =>
  expects(
    { facts: { came: oneOf("a beginning", "an error", "as it came") } },
    {
      async perform(kit) {
        const reading = call("GET", "a", {}, async (response) => {
          const got = await mode.read(response, nothing);
          const whole = JSON.stringify(got) === JSON.stringify(listFor(mode));
          const left = response.headers.get("content-encoding") === coding;
          if (left && letters(got) === letters(sent)) return "as it came";
          return whole || list.startsWith(joined(got)) ? "a beginning" : got;
        });
        // Where content comes whole, it fails before there is a head.
        const { content, error } = await kit.call(reading);
        kit.note("came", error ? "an error" : content);
      },
    },
  );

/** Cases of `session/reading` about content codings. */
export const readingCodingCases: readonly Case[] = modes.flatMap((mode) => [
  // The list has no event in it, so that whole or not is the same to them.
  ...(listFor(mode) === noEvents ? [] : [  defineCase({
    id: `session/reading/coded-read-as-${mode.name}`,
    title: `content in each coding, in one piece and in many, must reach the reader ${mode.name} decoded`,
    level: "must",
    spec: ["RFC 9110 §8.4"],
    catalogue: ["F-BOD-05"],
    // What a platform does not decode, it has not asked for.
    requires: raw,
    otherwise: expects(
      { status: 200, content: listFor(mode) },
      { origin: [respond(200, [["content-encoding", "gzip"], ["content-type", mode.type]], codedList.gzip)], perform: call("GET", "a", {}, (response) => mode.read(response, nothing)) },
    ),
    origin: Object.entries(codedList).flatMap(([coding, coded]) => [
      respond(200, [["content-encoding", coding], ["content-type", mode.type]], coded),
      respondChunked(200, [["content-encoding", coding], ["content-type", mode.type]], coded.split("")),
    ]),
    perform: Array.from({ length: 8 }, () =>
      call("GET", "a", {}, (response) => mode.read(response, nothing)),
    ),
    expect: {
      calls: Array.from({ length: 8 }, () => ({ status: 200, content: listFor(mode) })),
    },
    hint: "check that each mode reads what was decoded",
  })]),
  ...Object.entries(codedList).flatMap(([coding, coded]) =>
    faults.map(([name, what, spoil]) =>
      defineCase({
        id: `session/reading/${coding}-${name}-read-as-${mode.name}`,
        title: `${coding} content ${what} must be an error of the reader ${mode.name}, though its framing is whole`,
        level: "must",
        spec: ["RFC 9110 §8.4"],
        catalogue: ["F-BOD-05"],
        requires: raw,
        otherwise: leniently(mode, coding, spoil(coded, coding)),
        origin: [
          respond(200, [["content-encoding", coding], ["content-type", mode.type]], spoil(coded, coding)),
        ],
        perform: call("GET", "a", {}, (response) => mode.read(response, nothing)),
        expect: {
          status: 200,
          error: { name: "ContentError", code: "ERR_CONTENT_DECODE", phase: "read", retryable: false },
        },
        hint: "check that the decoder is strict at its end, and that every mode waits for it",
      }),
    ),
  ),
]); // prettier-ignore
