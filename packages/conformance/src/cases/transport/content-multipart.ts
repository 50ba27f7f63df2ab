/* multipart/form-data (RFC 7578) as it arrives. */

import { call, type Case, defineCase, matching, respond, satisfying } from "../../case.ts";

const multipartType = matching(/^multipart\/form-data; ?boundary=\S{20,}$/);

/** Content of exactly these parts, whatever the boundary. */
function parts(...wanted: readonly string[]): ReturnType<typeof satisfying> {
  const words = `the parts ${JSON.stringify(wanted)} between one boundary`;
  return satisfying(words, (content) => {
    if (typeof content !== "string") return false;
    const [, boundary = ""] = /^(--\S+)\r\n/.exec(content) ?? [];
    const all = wanted.map((part) => `${boundary}\r\n${part}\r\n`).join("");
    const seen = content.replaceAll(/content-(?:disposition|type): /gi, (name) => {
      return name.toLowerCase();
    });
    return boundary !== "" && seen === `${all}${boundary}--\r\n`;
  });
}

/** Cases of `transport/content` about forms with files. */
export const contentMultipartCases: readonly Case[] = [
  defineCase({
    id: "transport/content/multipart",
    title: "a FormData is sent as multipart/form-data, given as body or as multipart",
    level: "must",
    spec: ["RFC 7578 §4"],
    origin: [respond(200), respond(200)],
    perform: [
      call("POST", "a", () => {
        const body = new FormData();
        body.append("a", "1");
        body.append("b", "two\nlines");
        body.append("a", "é");
        return { body };
      }),
      call("POST", "a", () => {
        const multipart = new FormData();
        multipart.append("a", "1");
        return { multipart };
      }),
    ],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        {
          framing: "length",
          fields: { "content-type": multipartType },
          content: parts(
            'content-disposition: form-data; name="a"\r\n\r\n1',
            'content-disposition: form-data; name="b"\r\n\r\ntwo\r\nlines',
            'content-disposition: form-data; name="a"\r\n\r\n\u00C3\u00A9',
          ),
        },
        {
          framing: "length",
          content: parts('content-disposition: form-data; name="a"\r\n\r\n1'),
        },
      ],
    },
    hint: "check that line ends, order and the last boundary are those of RFC 2046",
  }),
  defineCase({
    id: "transport/content/multipart-files",
    title: "files are sent with their name and type, byte by byte",
    level: "must",
    spec: ["RFC 7578 §4.2", "RFC 7578 §4.4"],
    origin: [respond(200)],
    perform: call("POST", "a", () => {
      const body = new FormData();
      body.append("f", new Blob([Uint8Array.of(0, 255, 13, 10)], { type: "image/x" }), "é.bin");
      body.append("g", new Blob(["x"]));
      return { body };
    }),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: parts(
            'content-disposition: form-data; name="f"; filename="\u00C3\u00A9.bin"\r\n' +
              "content-type: image/x\r\n\r\n\0\u00FF\r\n",
            'content-disposition: form-data; name="g"; filename="blob"\r\n' +
              "content-type: application/octet-stream\r\n\r\nx",
          ),
        },
      ],
    },
    hint: "check that files are not read as text",
  }),
  defineCase({
    id: "transport/content/multipart-names-are-escaped",
    title: "quotes and line breaks in names cannot end a field of a part",
    level: "must",
    spec: ["RFC 7578 §4.2", "HTML §4.10.21.8"],
    catalogue: ["V-MP-01"],
    origin: [respond(200)],
    perform: call("POST", "a", () => {
      const body = new FormData();
      body.append('a"; x="b\r\ncontent-type: text/html\r\n\r\n', "1");
      body.append("f", new Blob(["x"], { type: "text/x" }), 'n"\r\nx: y');
      return { body };
    }),
    expect: {
      status: 200,
      arrivals: [
        {
          content: parts(
            'content-disposition: form-data; name="a%22; x=%22b%0D%0A' +
              'content-type: text/html%0D%0A%0D%0A"\r\n\r\n1',
            'content-disposition: form-data; name="f"; filename="n%22%0D%0Ax: y"\r\n' +
              "content-type: text/x\r\n\r\nx",
          ),
        },
      ],
    },
    hint: 'check that " is sent as %22, CR as %0D and LF as %0A',
  }),
  defineCase({
    id: "transport/content/multipart-boundary-is-fresh",
    title: "each request has a boundary of its own",
    level: "must",
    catalogue: ["V-MP-02"],
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const form = new FormData();
      form.append("a", "1");
      const one = await kit.call(call("POST", "a", { body: form }));
      const two = await kit.call(call("POST", "a", { body: form }));
      const { arrivals } = await kit.origin.ledger();
      kit.note("boundaries", new Set(arrivals.map(({ content }) => content.split("\r\n")[0])).size);
      return [one, two];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      facts: { boundaries: 2 },
    },
    hint: "check that the boundary is made for each request, of enough random bits",
  }),
  defineCase({
    id: "transport/content/multipart-empty",
    title: "a FormData without entries is sent as an end without parts",
    level: "must",
    spec: ["RFC 2046 §5.1.1"],
    origin: [respond(200)],
    perform: call("POST", "a", () => ({ body: new FormData() })),
    expect: {
      status: 200,
      arrivals: [
        {
          framing: "length",
          content: matching(/^--\S+--\r\n$/),
          fields: { "content-type": multipartType },
        },
      ],
    },
    hint: "check that the closing boundary is sent even so",
  }),
];
