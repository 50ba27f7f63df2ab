import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textDecoder } from "../src/content/text.ts";
import { readableText } from "./support/readable.ts";
import { collected, failure, respondTo, turns } from "./support/session.ts";
import { holds } from "./support/generated.ts";

const encoder = new TextEncoder();

const linesOf = (pieces: readonly Uint8Array[], charset: string | null = null): Promise<string[]> =>
  collected(readableText(pieces, charset).lines());

const cut = (bytes: Uint8Array, ...places: number[]): Uint8Array[] =>
  [0, ...places].map((place, i) => bytes.slice(place, places[i] ?? bytes.length));

/** What `lines` has to find, said otherwise. */
function expected(text: string): string[] {
  const all = text.split(/\r\n|\r|\n/);
  if (all.at(-1) === "") all.pop();
  return all;
}

describe("lines", () => {
  it("ends a line at LF, CRLF and CR, wherever two cuts fall", async () => {
    const text = "a\r\n\r\nbé\n\n€\r\rc\r\n😀\rd";
    const bytes = encoder.encode(text);
    expect(expected(text)).toEqual(["a", "", "bé", "", "€", "", "c", "😀", "d"]);
    for (let i = 0; i <= bytes.length; i++) {
      for (let j = i; j <= bytes.length; j++) {
        expect(await linesOf(cut(bytes, i, j)), `cut at ${i} and ${j}`).toEqual(expected(text));
      }
    }
  });

  it("finds the same lines byte by byte", async () => {
    const bytes = encoder.encode("one\r\n\ntwo\r\rthree é\n");
    expect(await linesOf(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([
      "one",
      "",
      "two",
      "",
      "three é",
    ]);
  });

  it("finds the same lines however any text is cut", async () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "é", "😀", "\r", "\n", "\r\n", " "),
      maxLength: 40,
    });
    await holds(
      100,
      fc.asyncProperty(text, fc.array(fc.nat(80), { maxLength: 6 }), async (text, places) => {
        const bytes = encoder.encode(text);
        const sorted = places
          .map((place) => Math.min(place, bytes.length))
          .toSorted((a, b) => a - b);
        expect(await linesOf(cut(bytes, ...sorted))).toEqual(expected(text));
      }),
    );
  });

  it.each([
    ["nothing", "", []],
    ["one line without an end", "abc", ["abc"]],
    ["a line end alone", "\n", [""]],
    ["a CR at the very end", "abc\r", ["abc"]],
    ["a byte order mark", "\uFEFFabc\n", ["abc"]],
  ])("takes %s", async (_what, text, found) => {
    expect(await linesOf([encoder.encode(text)])).toEqual(found);
  });

  it("keeps a line that comes in very many pieces linear", async () => {
    const pieces = Array.from({ length: 50_000 }, () => encoder.encode("0123456789"));
    const [line, ...others] = await linesOf(pieces);
    expect([line?.length, others]).toEqual([500_000, []]);
  });

  it("replaces a character that the end cuts short", async () => {
    expect(await linesOf([encoder.encode("a€").slice(0, -1)])).toEqual(["a\uFFFD"]);
  });

  it("reads other charsets across cuts", async () => {
    const bytes = Uint8Array.from(Buffer.from("ä\nö", "utf16le"));
    for (let i = 0; i <= bytes.length; i++) {
      expect(await linesOf(cut(bytes, i), "utf-16le"), `cut at ${i}`).toEqual(["ä", "ö"]);
    }
  });

  it("gives each line as soon as it has come", async () => {
    let asked = 0;
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (const piece of ["a\nb", "\n", "never"]) {
        asked++;
        await Promise.resolve();
        yield encoder.encode(piece);
      }
    }
    const iterator = readableText(slow()).lines();
    expect(await iterator.next()).toEqual({ done: false, value: "a" });
    expect(asked).toBe(1);
    expect(await iterator.next()).toEqual({ done: false, value: "b" });
    expect(asked).toBe(2);
    await iterator.return();
    expect(asked).toBe(2);
  });

  it("does not give half a line to who is told that it is over because somebody left", async () => {
    const response = await respondTo({ content: "a\nhalf", ending: "open" });
    const lines = response.lines();
    expect(await lines.next()).toEqual({ done: false, value: "a" });
    const waiting = lines.next();
    await turns(5);
    expect(await lines.return()).toEqual({ done: true });
    expect(await waiting).toEqual({ done: true });
  });
});

describe("ndjson", () => {
  it("gives one value a line, and passes over blank ones, wherever it is cut", async () => {
    const bytes = encoder.encode('{"a":1}\r\n\n  \n[2]\nnull\n"é"');
    for (let i = 0; i <= bytes.length; i++) {
      const values = await collected(readableText(cut(bytes, i)).ndjson());
      expect(values, `cut at ${i}`).toEqual([{ a: 1 }, [2], null, "é"]);
    }
  });

  it("gives what came before a bad line, then says which line it is", async () => {
    const values: unknown[] = [];
    const error = await failure(async () => {
      for await (const value of readableText([encoder.encode("1\n\n{]\n4")]).ndjson())
        values.push(value);
    });
    expect(values).toEqual([1]);
    expect(error).toMatchObject({
      code: "ERR_PARSE_JSON",
      issues: [],
      cause: expect.any(SyntaxError) as Error,
    });
    expect(error.message).toContain("line 3");
  });
});

describe("text charsets", () => {
  it.each([
    ["utf-8", "é", [0xc3, 0xa9]],
    ["UTF8", "é", [0xc3, 0xa9]],
    ["iso-8859-1", "é", [0xe9]],
    ["windows-1252", "€", [0x80]],
    ["shift_jis", "あ", [0x82, 0xa0]],
    ["no-such-charset", "é", [0xc3, 0xa9]],
    [null, "é", [0xc3, 0xa9]],
  ])("decodes %s", (label, text, bytes) => {
    expect(textDecoder(label).decode(Uint8Array.from(bytes))).toBe(text);
  });
});

describe("bounds of lines", () => {
  it("hold wherever a line is cut, and let what is as long as they allow through", async () => {
    const bytes = encoder.encode("abcd\nabcde\n");
    for (let i = 0; i <= bytes.length; i++) {
      const seen: string[] = [];
      const read = async (maxLength: number): Promise<void> => {
        for await (const line of readableText(cut(bytes, i)).lines({ maxLength })) seen.push(line);
      };
      expect(await failure(read(4)), `cut at ${i}`).toMatchObject({
        code: "ERR_CONTENT_TOO_LARGE",
      });
      expect(seen).toEqual(["abcd"]);
      await read(5);
      expect(seen).toEqual(["abcd", "abcd", "abcde"]);
    }
  });

  it("end content without line ends before it has filled memory", async () => {
    let given = 0;
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        given += 1_000_000;
        yield new Uint8Array(1_000_000).fill(97);
      }
    }
    expect(await failure(readableText(endless()).lines().next())).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
    });
    expect(given).toBe(17_000_000);
    expect(
      await failure(readableText(endless()).ndjson(undefined, { maxLength: 10 }).next()),
    ).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
    });
  });

  it.each([[{ maxLength: 0 }], [{ maxLength: "5" }], [{ limit: 5 }]])(
    "refuse %j",
    async (options) => {
      const content = readableText([]);
      expect(await failure(content.lines(options as object).next())).toMatchObject({
        code: "ERR_INVALID_OPTION",
      });
      expect(content.discarded).toBe(1);
    },
  );
});

describe("byte order marks", () => {
  it.each([
    ["utf-16be", [0xfe, 0xff, 0, 0x61, 0, 0x0a, 0, 0x62]],
    ["utf-16le", [0xff, 0xfe, 0x61, 0, 0x0a, 0, 0x62, 0]],
    ["utf-8", [0xef, 0xbb, 0xbf, 0x61, 0x0a, 0x62]],
  ])("of %s count for more than the charset, wherever they are cut", async (_name, octets) => {
    const bytes = Uint8Array.from(octets);
    for (const charset of [null, "iso-8859-1", "utf-8", "utf-16le"]) {
      for (let i = 0; i <= 3; i++) {
        for (let j = i; j <= 4; j++)
          expect(await linesOf(cut(bytes, i, j), charset)).toEqual(["a", "b"]);
      }
    }
  });

  it("are waited for only where one may come", async () => {
    let asked = 0;
    function* pieces(): Generator<Uint8Array> {
      asked++;
      yield encoder.encode("a\n");
      asked++;
    }
    expect((await readableText(pieces()).lines().next()).value).toBe("a");
    expect(asked).toBe(1);
    expect(await linesOf([Uint8Array.of(0xfe)], "iso-8859-1")).toEqual(["þ"]);
  });
});
