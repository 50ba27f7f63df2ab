/* Options that are wrong: refused with InvalidRequestError before anything is sent, whatever is wrong with them. */

import { type Call, call, type Case, defineCase, respond, type CallOptions } from "../../case.ts";

const url = { code: "ERR_INVALID_URL" };
const method = { code: "ERR_INVALID_METHOD" };
const header = { code: "ERR_INVALID_HEADER" };
const option = { code: "ERR_INVALID_OPTION" };
const content = { code: "ERR_INVALID_CONTENT" };

interface Row {
  readonly name: string;
  readonly title: string;
  readonly refused: { readonly code: string };
  /** Options of a POST each; or whole calls. */
  readonly wrong: readonly (CallOptions | (() => CallOptions) | Call)[];
}

/** Not plain data, which the runner would go through for placeholders. */
class Cyclic {
  readonly itself = this;
}

const rows: readonly Row[] = [
  {
    name: "unknown-option",
    title: "an unknown option",
    refused: option,
    wrong: [{ timout: 5 }, { Headers: {} }, { proxy: "http://proxy.test" }, { constructor: 1 }],
  },
  {
    name: "two-contents",
    title: "a call with two contents",
    refused: content,
    wrong: [
      { json: 1, body: "x" },
      { form: { a: 1 }, json: null },
      () => ({ multipart: new FormData(), form: { a: 1 } }),
    ],
  },
  {
    name: "body",
    title: "a body of a kind that cannot be sent",
    refused: content,
    wrong: [{ body: 5 }, { body: true }, { body: { a: 1 } }, { body: ["a"] }, { body: Symbol("a") }],
  },
  {
    name: "json",
    title: "json that cannot be serialised",
    refused: content,
    wrong: [() => ({ json: new Cyclic() }), () => ({ json: 1n }), () => ({ json: () => 1 }), () => ({ json: Symbol("a") })],
  },
  {
    name: "form",
    title: "a form that is none",
    refused: option,
    wrong: [{ form: "a=b" }, { form: 5 }, { form: { a: {} } }, { form: [["a"]] }],
  },
  {
    name: "multipart",
    title: "a multipart that is no FormData",
    refused: content,
    wrong: [{ multipart: { a: 1 } }, { multipart: "a" }],
  },
  {
    name: "params",
    title: "params that are none",
    refused: option,
    wrong: [{ params: "a=b" }, { params: { a: { b: 1 } } }, { params: [["a", "b", "c"]] }],
  },
  {
    name: "header-name",
    title: "a header whose name is not a token",
    refused: header,
    wrong: [
      { headers: { "": "a" } },
      { headers: { "a b": "a" } },
      { headers: { "a:": "a" } },
      { headers: { "a\r\nb": "a" } },
      { headers: { gr\u00fc\u00df: "a" } },
    ],
  },
  {
    name: "header-value",
    title: "a header whose value holds a line break, a control or what no byte can hold",
    refused: header,
    wrong: ["a\r\nb: c", "a\nb", "a\0b", "a\u007fb", "\u20ac"].map((value) => ({
      headers: { "x-a": value },
    })),
  },
  {
    name: "header-type",
    title: "headers of a wrong type",
    refused: header,
    wrong: [{ headers: "a: b" }, { headers: 5 }, { headers: { a: {} } }, { headers: [["a"]] }],
  },
  {
    name: "framing-header",
    title: "a header that frames the message",
    refused: header,
    wrong: [
      { headers: { "transfer-encoding": "chunked" } },
      { headers: { connection: "close" } },
      { headers: { upgrade: "h2c" } },
      { headers: { te: "trailers" } },
      { headers: [["host", "a"], ["host", "b"]] },
      { headers: [["content-length", "1"], ["content-length", "1"]], body: "x" },
    ],
  },
  {
    name: "content-length",
    title: "a content-length that is not that of the content",
    refused: header,
    wrong: [
      { headers: { "content-length": 5 }, body: "x" },
      { headers: { "content-length": "1, 1" }, body: "x" },
      { headers: { "content-length": "-1" }, body: "x" },
      { headers: { "content-length": "0x1" }, body: "x" },
    ],
  },
  {
    name: "redirect",
    title: "a redirect option that is wrong",
    refused: option,
    wrong: [
      { redirect: "manual" },
      { redirect: null },
      { redirect: { max: -1 } },
      { redirect: { max: 1.5 } },
      { redirect: { max: "3" } },
      { redirect: { follow: 1 } },
      { redirect: { allowDowngrade: "yes" } },
      { redirect: { maximum: 3 } },
    ],
  },
  {
    name: "flags",
    title: "a flag that is not true or false",
    refused: option,
    wrong: [{ throwHttpErrors: 0 }, { decompress: "no" }, { decompress: null }, { retry: true }],
  },
  {
    name: "sizes",
    title: "a size that is no whole number of bytes",
    refused: option,
    wrong: [
      { maxResponseSize: -1 },
      { maxResponseSize: 1.5 },
      { maxResponseSize: "1MB" },
      { maxResponseSize: NaN },
      { errorContentLimit: -1 },
      { errorContentLimit: null },
    ],
  },
  {
    name: "context",
    title: "a context that is no record",
    refused: option,
    wrong: [{ context: 5 }, { context: null }],
  },
  {
    name: "options",
    title: "options that are no object",
    refused: option,
    wrong: ([5, "a", null, true] as unknown[]).map((wrong) => () => wrong as CallOptions),
  },
  {
    name: "url",
    title: "a URL that is not valid, or not http",
    refused: url,
    wrong: ["http://", "http://[::1", "http://a b/", "ftp://localhost/", "file:///etc", "mailto:a"].map(
      (wrong) => call("GET", wrong),
    ),
  },
  {
    name: "method",
    title: "a method that is not a token",
    refused: method,
    wrong: ["", "GET /", "G\u00cbT", "GET\r\n", "CONNECT"].map((wrong) => call(wrong, "a")),
  },
]; // prettier-ignore

/** Cases of `session/options` about calls. */
export const optionRefusedCases: readonly Case[] = rows.map(({ name, title, refused, wrong }) => {
  const calls = wrong.map((one) =>
    typeof one === "object" && (one as Partial<Call>).kind === "call"
      ? (one as Call)
      : call("POST", "wrong", one as CallOptions),
  );
  return defineCase({
    id: `session/options/wrong-${name}`,
    title: `${title} must be refused before anything is sent`,
    level: "must",
    origin: [respond(200, [], "ok")],
    // The call that is right shows that the others have left nothing behind.
    perform: [...calls, call("POST", "right", { body: "x" })],
    expect: {
      calls: [
        ...calls.map(() => ({
          error: { ...refused, name: "InvalidRequestError", phase: "prepare", requestSent: "no" },
        })),
        { status: 200, content: "ok" },
      ],
      arrivals: [{ path: "right", content: "x" }],
    },
    hint: "check how options are validated, and that it is done before anything is sent",
  });
});
