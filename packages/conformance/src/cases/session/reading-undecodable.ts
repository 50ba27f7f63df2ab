/* Content that is whole and yet hard to make sense of, in the modes that make sense of it (ids `session/reading/…`). */

import {
  bytes,
  call,
  type Case,
  defineCase,
  respond,
  utf8,
  type ByteString,
  type ErrorExpectation,
} from "../../case.ts";
import { type Mode, modes } from "./reading-modes.ts";

const nothing = (): void => undefined;
const parse = {
  name: "ParseError",
  code: "ERR_PARSE_JSON",
  phase: "parse",
  retryable: false,
} as const;
const noStream = {
  name: "ParseError",
  code: "ERR_PARSE_EVENTS",
  phase: "parse",
  retryable: false,
} as const;
const noForm = {
  name: "ParseError",
  code: "ERR_PARSE_FORM",
  phase: "parse",
  retryable: false,
} as const;
const refused = (error: ErrorExpectation): { error: ErrorExpectation } => ({ error });
const mark = "\xef\xbb\xbf";
const event = (data: string): object => ({ type: "message", data, lastEventId: "" });

/** What comes, and what each mode makes of it; octets stay octets unless something else is said. */
interface Row {
  readonly name: string;
  readonly what: string;
  readonly content: ByteString;
  readonly status?: number;
  readonly fields?: readonly (readonly [string, string])[];
  readonly by: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  {
    name: "no-octets",
    what: "content without an octet",
    content: "",
    by: { json: refused(parse), "form-data": [], lines: [], ndjson: [], events: [] },
  },
  {
    name: "no-content",
    what: "a 204",
    content: "",
    status: 204,
    by: { json: refused(parse), "form-data": [], lines: [], ndjson: [], events: [] },
  },
  {
    name: "marked",
    what: "text behind a byte order mark",
    content: `${mark}[1]\n`,
    by: { text: "[1]\n", json: [1], "form-data": null, lines: ["[1]"], ndjson: [[1]], events: [] },
  },
  {
    name: "invalid",
    what: "octets that are no UTF-8",
    content: '"a\xff\xc3"\n',
    by: {
      text: '"a\uFFFD\uFFFD"\n', json: "a\uFFFD\uFFFD", "form-data": [['"a\uFFFD\uFFFD"\n', ""]],
      lines: ['"a\uFFFD\uFFFD"'], ndjson: ["a\uFFFD\uFFFD"], events: [],
    },
  },
  {
    name: "nan",
    what: "JSON that only JavaScript knows",
    content: "[NaN]\n",
    by: { json: refused(parse), ndjson: refused(parse), lines: ["[NaN]"], "form-data": [["[NaN]\n", ""]], events: [] },
  },
  {
    name: "cut",
    what: "JSON that is cut, though its framing is whole",
    content: '{"a": [1,\n',
    by: { json: refused(parse), ndjson: refused(parse), lines: ['{"a": [1,'], "form-data": [['{"a": [1,\n', ""]], events: [] },
  },
  {
    name: "of-another-charset",
    what: "content whose type names another charset",
    content: '"\xe9"\n',
    fields: [["charset", "iso-8859-1"]],
    by: {
      text: '"é"\n', lines: ['"é"'], json: "\uFFFD", ndjson: ["\uFFFD"],
      "form-data": [['"\uFFFD"\n', ""]], events: [],
    },
  },
  {
    name: "of-no-charset",
    what: "content whose type names a charset that nobody knows",
    content: utf8('"é"\n'),
    fields: [["charset", "nonsense"]],
    by: {
      text: '"é"\n', lines: ['"é"'], json: "é", ndjson: ["é"], "form-data": [['"é"\n', ""]], events: [],
    },
  },
  {
    name: "of-the-mark-and-not-the-charset",
    what: "text whose byte order mark and charset differ",
    content: bytes(0xff, 0xfe, 0x61, 0, 0x0a, 0, 0xe9, 0),
    fields: [["charset", "utf-8"]],
    by: { text: "a\né", lines: ["a", "é"], json: refused(parse), ndjson: refused(parse), "form-data": null, events: [] },
  },
  {
    name: "of-another-type",
    what: "content of a type that says nothing",
    content: "data: 1\n\n",
    fields: [["type", "application/octet-stream"]],
    by: { json: refused(parse), ndjson: refused(parse), lines: ["data: 1", ""], "form-data": refused(noForm), events: refused(noStream) },
  },
  {
    name: "with-nul",
    what: "content with octets of no text",
    content: "data: \0a\x7f\n\n",
    by: { json: refused(parse), ndjson: refused(parse), lines: ["data: \0a\x7f", ""], "form-data": [["data: \0a\x7f\n\n", ""]], events: [event("\0a\x7f")] },
  },
]; // prettier-ignore

function typeOf(mode: Mode, { fields = [] }: Row): string {
  const [, type] = fields.find(([name]) => name === "type") ?? [];
  const [, charset] = fields.find(([name]) => name === "charset") ?? [];
  return (type ?? mode.type) + (charset === undefined ? "" : `; charset=${charset}`);
}

/** Cases of `session/reading` about content that is whole. */
export const readingUndecodableCases: readonly Case[] = rows.flatMap((row) =>
  modes.flatMap((mode) => {
    const made = mode.name in row.by ? row.by[mode.name] : row.content;
    // What platforms make of it differs, and is theirs.
    if (made === null) return [];
    const error = (made as { error?: ErrorExpectation }).error;
    const status = row.status ?? 200;
    return defineCase({
      id: `session/reading/${row.name}-read-as-${mode.name}`,
      title: `${row.what} must be ${error ? `refused by` : `read by`} the reader ${mode.name}, and leave the connection to the next call`,
      level: "must",
      spec: ["WHATWG Encoding §6", "RFC 8259 §8.1"],
      catalogue: ["F-BOD-09"],
      origin: [
        respond(status, [["content-type", typeOf(mode, row)]], row.content),
        respond(200, [], "next"),
      ],
      perform: [call("GET", "a", {}, (response) => mode.read(response, nothing)), call("GET", "b")],
      expect: {
        calls: [
          error ? { status, error } : { status, content: made },
          { status: 200, content: "next" },
        ],
      },
      hint: "check what becomes text, in which charset, and that the failure is the parser's",
    });
  }),
);
