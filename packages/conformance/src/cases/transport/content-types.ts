/* The type of request content, where it is taken from an object that somebody else has made. */

import { absent, call, type Case, defineCase, formParts, matching, respond } from "../../case.ts";
import { refusedAs } from "../session/multipart-parts.ts";

const planted = "text/html\r\nx-planted: 1";

/** A Blob, or a File, whose `type` is what a function says. */
function typed<T extends Blob>(blob: T, type: () => unknown): T {
  return Object.defineProperty(blob, "type", { get: type, configurable: true });
}

class OwnBlob extends Blob {}
class OwnFile extends File {}
class OwnParams extends URLSearchParams {
  get type(): string {
    return planted;
  }
}
class OwnForm extends FormData {
  getBoundary(): string {
    return "mine\r\nx-planted: 1";
  }
  getHeaders(): Record<string, string> {
    return { "content-type": planted, "x-planted": "1" };
  }
}

const types: readonly (readonly [name: string, type: string])[] = [
  ["crlf", planted],
  ["lf", "text/html\nx-planted: 1"],
  ["cr", "text/html\rx-planted: 1"],
  ["nul", "text/html\0"],
  ["a-second-request", "text/html\r\n\r\nGET /planted HTTP/1.1\r\n\r\n"],
  ["beyond-latin", "text/html; a=\u010D\u010A"],
];

/** Ways by which a Blob comes into a request. */
const ways: readonly (readonly [
  name: string,
  title: string,
  options: (type: () => unknown) => () => object,
])[] = [
  ["blob", "a Blob", (type) => () => ({ body: typed(new OwnBlob(["a"]), type) })],
  ["file", "a File", (type) => () => ({ body: typed(new OwnFile(["a"], "a"), type) })],
  [
    "function",
    "a Blob that a function makes",
    (type) => () => ({ body: () => typed(new OwnBlob(["a"]), type) }),
  ],
  [
    "part",
    "a part",
    (type) => () => ({ multipart: [{ name: "a", content: typed(new OwnBlob(["a"]), type) }] }),
  ],
  [
    "file-of-a-part",
    "a File in a part",
    (type) => () => ({ multipart: [{ name: "a", content: typed(new OwnFile(["a"], "a"), type) }] }),
  ],
];

/** Cases of `transport/content` about types that are planted. */
export const contentTypeCases: readonly Case[] = [
  ...ways.map(([name, title, options]) =>
    defineCase({
      id: `transport/content/type-of-a-${name}-holds-no-field`,
      title: `the type of ${title} that holds a line break must be refused before anything is sent`,
      level: "must",
      spec: ["RFC 9110 §5.5"],
      catalogue: ["V-INJ-03", ...(name.includes("part") ? ["V-MP-01"] : [])],
      origin: [],
      perform: types.map(([, type]) =>
        call("POST", "a", options(() => type) as () => Record<string, unknown>),
      ),
      expect: {
        calls: types.map(() => ({
          error: { name: "InvalidRequestError", code: "ERR_INVALID_HEADER", requestSent: "no" },
        })),
        connections: 0,
      },
      hint: "check that a type is looked at as if the caller had passed it as a header",
    }),
  ),
  ...ways.map(([name, title, options]) =>
    defineCase({
      id: `transport/content/type-of-a-${name}-is-read-once`,
      title: `a type of ${title} that changes must be sent as it was checked`,
      level: "must",
      catalogue: ["V-INJ-03"],
      origin: [respond(200)],
      async perform(kit) {
        let reads = 0;
        const made = options(() => (reads++ === 0 ? "text/x-first" : planted));
        const seen = await kit.observe(() => kit.session.post("a", made()));
        const { head, content } = (await kit.origin.ledger()).arrivals[0] ?? {
          head: "",
          content: "",
        };
        kit.note("first", `${head}${content}`.includes("text/x-first"));
        kit.note("planted", `${head}${content}`.includes("x-planted"));
        kit.note("reads", reads);
        return seen;
      },
      // A function's content is typed by its caller.
      expect: { status: 200, facts: { first: name !== "function", planted: false, reads: 1 } },
      hint: "check that what is checked is what is sent",
    }),
  ),
  defineCase({
    id: "transport/content/type-in-a-form-data-holds-no-field",
    title: "a File in a FormData whose type holds a line break must not bring a field with it",
    level: "must",
    catalogue: ["V-INJ-03", "V-MP-01"],
    origin: [respond(200)],
    async perform(kit) {
      const form = new FormData();
      form.append(
        "f",
        typed(new OwnFile(["a"], "a.txt"), () => planted),
      );
      const seen = await kit.observe(() => kit.session.post("a", { body: form }));
      const { arrivals } = await kit.origin.ledger();
      // Platforms that copy the File take its own type, and with it none.
      const kept = (form.get("f") as File).type === planted;
      kit.note("right", kept ? seen.error?.code === "ERR_INVALID_HEADER" : seen.status === 200);
      kit.note(
        "planted",
        arrivals.some(({ head, content }) => `${head}${content}`.includes("x-planted")),
      );
      // One request in any case, so that the answer is asked for.
      return kept ? kit.observe(() => kit.session.post("a", { body: "x" })) : seen;
    },
    expect: { status: 200, facts: { right: true, planted: false } },
    hint: "check that types in a FormData are looked at as well",
  }),
  defineCase({
    id: "transport/content/type-of-a-form-class-is-not-asked",
    title:
      "a FormData with getBoundary and getHeaders must be sent with a boundary of our own, and no such field",
    level: "must",
    catalogue: ["V-INJ-03"],
    origin: [respond(200)],
    async perform(kit) {
      const form = new OwnForm();
      form.append("a", "1");
      const seen = await kit.observe(() => kit.session.post("a", { body: form }));
      kit.note("parts", formParts((await kit.origin.ledger()).arrivals[0]));
      return seen;
    },
    expect: {
      status: 200,
      arrivals: [
        {
          fields: {
            "x-planted": absent,
            "content-type": matching(/^multipart\/form-data; boundary=[\w-]{32,}$/),
          },
        },
      ],
      facts: { parts: [{ name: "a", fields: [], content: "1" }] },
    },
    hint: "check that only the entries of a form are asked for",
  }),
  defineCase({
    id: "transport/content/entries-of-a-form-class-are-checked",
    title:
      "entries that a class derived from FormData makes up must be refused where they are none",
    level: "must",
    catalogue: ["V-INJ-03", "V-MP-01"],
    origin: [],
    async perform(kit) {
      const files = [
        { type: planted, name: "a", size: 1, stream: () => new Blob(["x"]).stream() },
        { [Symbol.toStringTag]: "File", type: planted, name: "a" },
        { stat: 1, read: 2 },
      ];
      const seen = [];
      for (const file of files) {
        const form = Object.defineProperty(new FormData(), Symbol.iterator, {
          value: () => [["a", file]].values(),
        });
        seen.push(await kit.observe(() => kit.session.post("a", { body: form })));
      }
      return seen;
    },
    expect: {
      calls: Array.from({ length: 3 }, () => refusedAs("ERR_INVALID_CONTENT")),
      connections: 0,
    },
    hint: "check that what an entry is made of is looked at",
  }),
  defineCase({
    id: "transport/content/type-of-params-is-fixed",
    title: "URLSearchParams of a class of one's own are sent as a form, whatever type they say",
    level: "must",
    catalogue: ["V-INJ-03"],
    origin: [respond(200)],
    async perform(kit) {
      return kit.observe(() => kit.session.post("a", { body: new OwnParams("a=1") }));
    },
    expect: {
      status: 200,
      arrivals: [
        {
          content: "a=1",
          fields: {
            "content-type": ["application/x-www-form-urlencoded;charset=UTF-8"],
            "x-planted": absent,
          },
        },
      ],
    },
    hint: "check that the type follows from the kind",
  }),
  defineCase({
    id: "transport/content/things-like-blobs-are-refused",
    title: "what only looks like a Blob must be refused, and nobody ask it for its type",
    level: "must",
    catalogue: ["V-INJ-03"],
    origin: [],
    async perform(kit) {
      let asked = 0;
      const members = {
        size: 1,
        stream: () => new Blob(["x"]).stream(),
        arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)),
      };
      const seen = [];
      for (const like of [
        { ...members },
        { ...members, [Symbol.toStringTag]: "Blob" },
        { ...members, [Symbol.toStringTag]: "File", name: "a" },
      ]) {
        const body = Object.defineProperty(like, "type", { get: () => (asked++, planted) });
        seen.push(
          await kit.observe(() => kit.session.post("a", { body: body as unknown as Blob })),
        );
      }
      kit.note("asked", asked);
      return seen;
    },
    expect: {
      calls: Array.from({ length: 3 }, () => refusedAs("ERR_INVALID_CONTENT")),
      connections: 0,
      facts: { asked: 0 },
    },
    hint: "check that kinds are told by what they are",
  }),
  defineCase({
    id: "transport/content/blob-of-a-class-is-what-it-holds",
    title:
      "a Blob whose class has a stream, a slice and a text of its own is sent as what it holds",
    level: "must",
    catalogue: ["V-INJ-03", "V-MP-02"],
    origin: [respond(200), respond(200)],
    async perform(kit) {
      const lying = (): Blob =>
        Object.defineProperties(new OwnBlob(["abc"]), {
          stream: { value: () => new Blob(["something else entirely"]).stream() },
          slice: { value: () => new Blob(["something else"]) },
          arrayBuffer: { value: () => Promise.resolve(new ArrayBuffer(9)) },
        });
      return [
        await kit.observe(() => kit.session.post("a", { body: lying() })),
        await kit.observe(() =>
          kit.session.post("a", { multipart: [{ name: "a", content: lying(), filename: "a" }] }),
        ),
      ];
    },
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [
        { content: "abc", framing: "length" },
        { content: matching(/\r\n\r\nabc\r\n--/), framing: "length" },
      ],
    },
    hint: "check that the platform is asked for the content, not the class",
  }),
];
