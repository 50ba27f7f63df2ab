/* Forms of parts that are whole: what each is said to be, and names that would break out of it. */

import {
  type CallOptions,
  type Case,
  defineCase,
  call,
  formParts,
  boundaryOf,
  matching,
  respond,
  utf8,
} from "../../case.ts";
import { formCases, octets, refusedAs, text } from "./multipart-parts.ts";

const encoder = new TextEncoder();

/** Names that would end their quotes, their line or their part, and how browsers write them (HTML §4.10.21.8). */
const names: readonly (readonly [title: string, name: string, written: string])[] = [
  ["quote", 'a"b', "a%22b"],
  ["cr", "a\rb", "a%0Db"],
  ["lf", "a\nb", "a%0Ab"],
  ["crlf", "a\r\nx-planted: 1", "a%0D%0Ax-planted: 1"],
  ["empty-line", "a\r\n\r\nplanted", "a%0D%0A%0D%0Aplanted"],
  ["second-name", 'x"; name="is_admin', "x%22; name=%22is_admin"],
  ["second-filename", 'x"; filename="a.exe', "x%22; filename=%22a.exe"],
  [
    "second-field",
    'x"\r\ncontent-type: text/html\r\n\r\n',
    "x%22%0D%0Acontent-type: text/html%0D%0A%0D%0A",
  ],
  ["escaped-already", "a%22b%0D%0A", "a%22b%0D%0A"],
  ["backslash", "a\\b", "a\\b"],
  ["semicolon", "a; b=c", "a; b=c"],
  ["latin", "größe", "größe"],
  ["emoji", "a👍b", "a👍b"],
  ["line-separators", "a\u2028b\u2029c\u0085d", "a\u2028b\u2029c\u0085d"],
  ["lone-surrogate", "a\uD800b", "a\uFFFDb"],
  ["empty", "", ""],
  ["path", "../../etc/passwd", "../../etc/passwd"],
  ["boundary-like", "------anyhttp--", "------anyhttp--"],
];

/** Browsers write single line breaks in the names of fields as two octets; those of files, and of parts, stay. */
const inForm = (written: string): string => written.replaceAll(/%0D%0A|%0D|%0A/g, "%0D%0A");

const injections = names.flatMap(([title, name, written]) => [
  ...formCases("session/multipart", [
    {
      name: `name-${title}`,
      title: `the name of a part must stay a name (${title.replaceAll("-", " ")})`,
      spec: ["HTML §4.10.21.8", "RFC 7578 §4.2"],
      catalogue: ["V-MP-01"],
      options: () => ({
        multipart: [
          { name, content: "1" },
          { name: "b", content: "2" },
        ],
      }),
      parts: [text(written, "1"), text("b", "2")],
      hint: 'check that " is sent as %22, CR as %0D and LF as %0A, and nothing else is changed',
    },
    {
      name: `filename-${title}`,
      title: `the file name of a part must stay a file name (${title.replaceAll("-", " ")})`,
      spec: ["HTML §4.10.21.8", "RFC 7578 §4.2"],
      catalogue: ["V-MP-01"],
      options: () => ({
        multipart: [
          { name: "f", filename: name, content: encoder.encode("x") },
          { name: "b", content: "2" },
        ],
      }),
      parts: [{ name: "f", filename: written, fields: [octets], content: "x" }, text("b", "2")],
      hint: 'check that " is sent as %22, CR as %0D and LF as %0A, and nothing else is changed',
    },
  ]),
  ...(title === "lone-surrogate" || title === "path"
    ? []
    : formCases("session/multipart", [
        {
          name: `form-data-name-${title}`,
          title: `the name of an entry of a FormData must stay a name (${title.replaceAll("-", " ")})`,
          spec: ["HTML §4.10.21.8"],
          catalogue: ["V-MP-01"],
          options() {
            const form = new FormData();
            form.append(name, "1");
            form.append("b", "2");
            return { multipart: form };
          },
          parts: [text(inForm(written), "1"), text("b", "2")],
          hint: "check that names of a FormData are escaped like those of parts",
        },
      ])),
]);

const whole = formCases("session/multipart", [
  {
    name: "text",
    title: "a part of text has no type, and keeps its line breaks",
    options: () => ({ multipart: [{ name: "a", content: "é\n\r\n\r" }] }),
    parts: [text("a", "é\n\r\n\r")],
  },
  {
    name: "text-with-a-file-name",
    title: "text with a file name is a file of text",
    options: () => ({ multipart: [{ name: "a", content: "b", filename: "a.txt" }] }),
    parts: [
      {
        name: "a",
        filename: "a.txt",
        fields: ["content-type: text/plain;charset=UTF-8"],
        content: "b",
      },
    ],
  },
  {
    name: "bytes",
    title: "bytes, buffers and views are sent as what they show, as octets",
    options: () => ({
      multipart: [
        { name: "a", content: Uint8Array.of(0, 255, 13, 10) },
        { name: "b", content: encoder.encode("buffer").buffer },
        { name: "c", content: new DataView(encoder.encode("xviewx").buffer, 1, 4) },
      ],
    }),
    parts: [
      { name: "a", fields: [octets], content: "\0\u00FF\r\n" },
      { name: "b", fields: [octets], content: "buffer" },
      { name: "c", fields: [octets], content: "view" },
    ],
  },
  {
    name: "blobs",
    title: "a Blob is called blob, a File by its name, and both have their type",
    options: () => ({
      multipart: [
        { name: "a", content: new Blob(["1"]) },
        { name: "b", content: new Blob(["2"], { type: "image/x" }) },
        { name: "c", content: new File(["3"], "c.txt", { type: "text/x" }) },
        { name: "d", content: new Blob(["abcdef"]).slice(1, 3, "text/y") },
      ],
    }),
    parts: [
      { name: "a", filename: "blob", fields: [octets], content: "1" },
      { name: "b", filename: "blob", fields: ["content-type: image/x"], content: "2" },
      { name: "c", filename: "c.txt", fields: ["content-type: text/x"], content: "3" },
      { name: "d", filename: "blob", fields: ["content-type: text/y"], content: "bc" },
    ],
  },
  {
    name: "what-is-said-wins",
    title: "file name and type of a part go before those of its content",
    options: () => ({
      multipart: [
        {
          name: "a",
          content: new File(["1"], "c.txt", { type: "text/x" }),
          filename: "d",
          type: "x/y; z=1",
        },
      ],
    }),
    parts: [{ name: "a", filename: "d", fields: ["content-type: x/y; z=1"], content: "1" }],
  },
  {
    name: "fields",
    title: "fields of a part are sent behind its own, in their order and as spelt",
    options: () => ({
      multipart: [
        {
          name: "a",
          content: "1",
          type: "a/b",
          headers: [
            ["Content-ID", "<1>"],
            ["x-a", "b"],
            ["X-A", "c"],
          ],
        },
      ],
    }),
    parts: [
      {
        name: "a",
        fields: ["content-type: a/b", "Content-ID: <1>", "x-a: b", "X-A: c"],
        content: "1",
      },
    ],
  },
  {
    name: "order",
    title: "parts keep their order, and those of one name are all sent",
    options: () => ({
      multipart: ["b", "a", "b", "c", "a"].map((name, i) => ({ name, content: String(i) })),
    }),
    parts: ["b", "a", "b", "c", "a"].map((name, i) => text(name, String(i))),
  },
  {
    name: "empty-parts",
    title: "a part of no bytes is a part",
    options: () => ({
      multipart: [
        { name: "a", content: "" },
        { name: "b", content: new Uint8Array(0) },
        { name: "c", content: new Blob([]) },
      ],
    }),
    parts: [
      text("a", ""),
      { name: "b", fields: [octets], content: "" },
      { name: "c", filename: "blob", fields: [octets], content: "" },
    ],
  },
  {
    name: "no-parts",
    title: "a form of no parts is its end alone",
    options: () => ({ multipart: [] }),
    parts: [],
  },
  {
    name: "content-like-boundaries",
    title: "content that looks like boundaries, ends and heads stays content",
    catalogue: ["V-MP-02"],
    options: () => ({
      multipart: [
        { name: "a", content: "\r\n--\r\n----anyhttp-\r\n--B--\r\n" },
        { name: "b", content: '\r\ncontent-disposition: form-data; name="is_admin"\r\n\r\n1' },
      ],
    }),
    parts: [
      text("a", "\r\n--\r\n----anyhttp-\r\n--B--\r\n"),
      text("b", '\r\ncontent-disposition: form-data; name="is_admin"\r\n\r\n1'),
    ],
  },
  {
    name: "functions",
    title: "what a function makes is a part like any other",
    options: () => ({
      multipart: [
        { name: "a", content: () => "1" },
        { name: "b", content: () => Promise.resolve(encoder.encode("2")) },
        { name: "c", content: () => new Blob(["3"]), filename: "c", type: "text/x" },
      ],
    }),
    parts: [
      { name: "a", fields: [octets], content: "1" },
      { name: "b", fields: [octets], content: "2" },
      { name: "c", filename: "c", fields: ["content-type: text/x"], content: "3" },
    ],
  },
  {
    name: "lengths-that-are-right",
    title: "a length that is that of the content may be said",
    options: () => ({
      multipart: [
        { name: "a", content: "é", length: 2 },
        { name: "b", content: () => "abc", length: 3, type: "a/b" },
      ],
    }),
    parts: [text("a", "é"), { name: "b", fields: ["content-type: a/b"], content: "abc" }],
  },
  {
    name: "hundred-parts",
    title: "a form of a hundred parts arrives as they were given",
    options: () => ({
      multipart: Array.from({ length: 100 }, (_, i) => ({
        name: `n${i}`,
        content: `c${i}`.repeat(i),
      })),
    }),
    parts: Array.from({ length: 100 }, (_, i) => text(`n${i}`, `c${i}`.repeat(i))),
  },
]);

function lyingFile(size: number): File {
  return Object.defineProperty(new File(["abc"], "a.txt"), "size", { get: () => size });
}

function formOf(file: Blob): FormData {
  const form = new FormData();
  form.append("f", file);
  return form;
}

const one = { name: "a", content: "b" };
const refused: readonly (readonly [
  name: string,
  title: string,
  catalogue: string,
  code: string,
  wrong: readonly (() => CallOptions)[],
])[] = [
  [
    "nul-in-names",
    "a NUL or another control character in a name",
    "V-MP-01",
    "ERR_INVALID_OPTION",
    [
      () => ({ multipart: [{ ...one, name: "a\0b" }] }),
      () => ({ multipart: [{ ...one, filename: "a\0.png" }] }),
      () => ({ multipart: [{ ...one, name: "a\u001Bb" }] }),
      () => ({ multipart: [{ ...one, filename: "a\u007Fb" }] }),
    ],
  ],
  [
    "types-of-two-lines",
    "a type that holds a line break or NUL",
    "V-MP-01",
    "ERR_INVALID_HEADER",
    [
      () => ({ multipart: [{ ...one, type: "a/b\r\nx-planted: 1" }] }),
      () => ({ multipart: [{ ...one, type: "a/b\nx-planted: 1" }] }),
      () => ({ multipart: [{ ...one, type: "a/b\r\n\r\nplanted" }] }),
      () => ({ multipart: [{ ...one, type: "a/b\0" }] }),
    ],
  ],
  [
    "fields-of-two-lines",
    "a field of a part that holds a line break or NUL",
    "V-MP-01",
    "ERR_INVALID_HEADER",
    [
      () => ({ multipart: [{ ...one, headers: { "x-a": "b\r\nx-planted: 1" } }] }),
      () => ({ multipart: [{ ...one, headers: { "x-a": "b\nc" } }] }),
      () => ({ multipart: [{ ...one, headers: { "x-a\r\nx-planted": "1" } }] }),
      () => ({ multipart: [{ ...one, headers: { "x-a": "b\0c" } }] }),
    ],
  ],
  [
    "fields-that-are-written",
    "a field of a part that is written for it",
    "V-MP-01",
    "ERR_INVALID_HEADER",
    ["content-disposition", "Content-Type", "content-length", "transfer-encoding"].map(
      (name) => () => ({ multipart: [{ ...one, headers: { [name]: "1" } }] }),
    ),
  ],
  [
    "a-boundary-of-the-caller",
    "a content-type beside a form, as it cannot tell the boundary,",
    "V-MP-02",
    "ERR_INVALID_HEADER",
    [
      () => ({ multipart: [one], headers: { "content-type": "multipart/form-data" } }),
      () => ({
        multipart: [one],
        headers: { "content-type": "multipart/form-data; boundary=mine" },
      }),
      () => ({
        body: new FormData(),
        headers: { "Content-Type": "multipart/form-data; boundary=mine" },
      }),
    ],
  ],
  [
    "lengths-that-are-wrong",
    "a length that is not that of the content",
    "V-MP-02",
    "ERR_INVALID_OPTION",
    [
      () => ({ multipart: [{ ...one, length: 2 }] }),
      () => ({ multipart: [{ name: "a", content: new Blob(["abc"]), length: 2 }] }),
      () => ({ multipart: [{ ...one, length: -1 }] }),
      () => ({ multipart: [{ ...one, length: 1.5 }] }),
      () => ({ multipart: [{ ...one, length: "1" }] }),
    ],
  ],
  [
    "files-that-lie",
    "a File whose class lies about its size",
    "V-MP-02",
    "ERR_INVALID_CONTENT",
    [
      () => ({ multipart: [{ name: "a", content: lyingFile(5) }] }),
      () => ({ multipart: [{ name: "a", content: lyingFile(1) }] }),
      () => ({ body: lyingFile(5) }),
      () => ({ body: lyingFile(1) }),
    ],
  ],
  [
    "unknown-members",
    "a part with a member that is unknown or of a wrong type",
    "V-MP-01",
    "ERR_INVALID_OPTION",
    [
      () => ({ multipart: [{ ...one, fileName: "c" }] }),
      () => ({ multipart: [{ ...one, name: 5 }] }),
      () => ({ multipart: [{ content: "b" }] }),
      () => ({ multipart: ["a=b"] }),
      () => ({ multipart: [{ ...one, type: "" }] }),
      () => ({ multipart: [{ ...one, filename: {} }] }),
    ],
  ],
  [
    "content-of-wrong-kinds",
    "a part whose content is of no kind that can be sent",
    "V-MP-01",
    "ERR_INVALID_CONTENT",
    [
      () => ({ multipart: [{ name: "a" }] }),
      () => ({ multipart: [{ name: "a", content: 5 }] }),
      () => ({ multipart: [{ name: "a", content: { a: 1 } }] }),
      () => ({ multipart: [{ name: "a", content: ["b"] }] }),
      () => ({ multipart: [{ name: "a", content: new FormData() }] }),
    ],
  ],
];

/** Cases of `session/multipart` about forms that are whole. */
export const multipartCases: readonly Case[] = [
  ...whole,
  ...injections,
  ...refused.map(([name, title, catalogue, code, wrong]) =>
    defineCase({
      id: `session/multipart/refuses-${name}`,
      title: `${title} must be refused before anything is sent`,
      level: "must",
      catalogue: [catalogue],
      origin: [respond(200, [], "ok")],
      perform: [
        ...wrong.map((options) => call("POST", "wrong", options)),
        call("POST", "right", { multipart: [one] }),
      ],
      expect: {
        calls: [...wrong.map(() => refusedAs(code)), { status: 200, content: "ok" }],
        arrivals: [{ path: "right" }],
      },
      hint: "check how parts are validated, and that it is done before anything is sent",
    }),
  ),
  defineCase({
    id: "session/multipart/file-in-a-form-that-lies",
    title: "a File in a FormData that lies about its size must not be sent as that size",
    level: "must",
    catalogue: ["V-MP-02"],
    origin: [],
    async perform(kit) {
      const forms = [lyingFile(5), lyingFile(1)].map(formOf);
      // Some platforms take the File apart when it is appended, and with it the lie.
      const honest = forms.filter((form) => (form.get("f") as File).size === 3).length;
      kit.note("honest", honest === 0 || honest === 2);
      const session = kit.makeSession();
      for (const form of honest === 0 ? forms : []) {
        const { error } = await kit.observe(() => session.post("a", { body: form }));
        kit.check(error?.code === "ERR_INVALID_CONTENT", `a refusal, not ${error?.code}`);
      }
      return kit.observe(() => session.post("a", { body: lyingFile(5) }));
    },
    expect: { ...refusedAs("ERR_INVALID_CONTENT"), arrivals: 0, facts: { honest: true } },
    hint: "check that sizes are asked of the platform, not of the class",
  }),
  defineCase({
    id: "session/multipart/boundaries-are-not-of-math-random",
    title: "boundaries must be unpredictable and unique, whatever Math.random says",
    level: "must",
    spec: ["RFC 2046 §5.1.1"],
    catalogue: ["V-MP-02"],
    origin: Array.from({ length: 40 }, () => respond(200)),
    async perform(kit) {
      const { random } = Math;
      let asked = 0;
      Math.random = () => {
        asked++;
        return 0.5;
      };
      try {
        const seen = [];
        for (let i = 0; i < 40; i++)
          seen.push(await kit.call(call("POST", "a", { multipart: [one] })));
        const { arrivals } = await kit.origin.ledger();
        const all = arrivals.map(({ fields }) =>
          boundaryOf(fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? ""),
        );
        kit.note("different", new Set(all).size);
        // What varies has to be worth 96 bits: so many characters of so many kinds.
        const length = Math.min(...all.map((boundary) => boundary.length));
        const kindsAt = Array.from(
          { length },
          (_, i) => new Set(all.map((boundary) => boundary[i])).size,
        );
        const bits = kindsAt.map((kinds) => (kinds > 8 ? 4 : kinds > 5 ? 3 : 0));
        kit.note("bits", bits.reduce((sum: number, n) => sum + n, 0) >= 96);
        kit.note("asked", asked === 0 || new Set(all).size === 40);
        return seen;
      } finally {
        Math.random = random;
      }
    },
    expect: {
      calls: Array.from({ length: 40 }, () => ({ status: 200 })),
      facts: { different: 40, bits: true, asked: true },
    },
    exclusive: true,
    hint: "check that the boundary is made of at least 96 bits of crypto.getRandomValues",
  }),
  defineCase({
    id: "session/multipart/boundary-of-a-former-request",
    title: "content that holds the boundary of a former request must stay content",
    level: "must",
    catalogue: ["V-MP-02"],
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const first = await kit.call(call("POST", "a", { multipart: [one] }));
      const { content } = (await kit.origin.ledger()).arrivals[0] ?? { content: "" };
      const second = await kit.call(call("POST", "a", { multipart: [{ name: "a", content }] }));
      const { arrivals } = await kit.origin.ledger();
      kit.note("parts", formParts(arrivals[1]));
      kit.note(
        "wanted",
        JSON.stringify(formParts(arrivals[1])) === JSON.stringify([text("a", content)]),
      );
      return [first, second];
    },
    expect: { calls: [{ status: 200 }, { status: 200 }], facts: { wanted: true } },
    hint: "check that each request has a boundary of its own",
  }),
  defineCase({
    id: "session/multipart/line-breaks-of-a-form-data",
    title: "line breaks in the text of a FormData are sent as CRLF, those of its files as they are",
    level: "must",
    spec: ["HTML §4.10.21.8"],
    origin: [respond(200)],
    async perform(kit) {
      const form = new FormData();
      form.append("a", "1\n2\r3\r\n4");
      // A type to which no platform adds a charset.
      form.append("f", new Blob(["1\n2\r3\r\n4"], { type: "image/x" }), "f");
      const seen = await kit.call(call("POST", "a", () => ({ multipart: form })));
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[0]));
      return seen;
    },
    expect: {
      status: 200,
      facts: {
        parts: [
          text("a", "1\r\n2\r\n3\r\n4"),
          {
            name: "f",
            filename: "f",
            fields: ["content-type: image/x"],
            content: "1\n2\r3\r\n4",
          },
        ],
      },
    },
    hint: "check that files are not read as text",
  }),
  defineCase({
    id: "session/multipart/middleware-changes-it",
    title: "middleware may replace the content by a form, whose type goes with it",
    level: "must",
    origin: [respond(200)],
    async perform(kit) {
      const session = kit.makeSession({
        middleware: [
          (
            request: { with(changes: object): unknown },
            next: (request: unknown) => Promise<unknown>,
          ) => next(request.with({ multipart: [{ name: "a", content: "é" }] })),
        ],
      });
      const seen = await kit.observe(() => session.post("a", { json: { old: true } }));
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[0]));
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [
        { fields: { "content-type": matching(/^multipart\/form-data; boundary=[^,]+$/) } },
      ],
      facts: { parts: [{ name: "a", fields: [], content: utf8("é") }] },
    },
    hint: "check that the type of the content that was there is taken away with it",
  }),
];
