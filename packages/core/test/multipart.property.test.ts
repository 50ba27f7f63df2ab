/* Forms against two readers that know nothing of what writes them: one of our own, which is strict, and undici's. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyLength, type Part } from "../src/index.ts";
import { parseForm } from "./support/form-parser.ts";
import { holds, patience } from "./support/generated.ts";
import { sessionOf } from "./support/session.ts";

/** Texts that are hard to keep within quotes and lines. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "\r",
        "\n",
        "\r\n",
        "--",
        "\\",
        "%22",
        "; ",
        'filename="',
        "=",
        "é",
        "👍",
        "\u2028",
        "\t",
      ),
      fc.string({ unit: "grapheme", maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((all) =>
    all
      .join("")
      .replaceAll(/[^\t\n\r\x20-\x7e\x80-\uffff]/g, "")
      .toWellFormed(),
  );
/** Contents that look like the ends of parts. */
const octets = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r\n", "--", "\r\n--", "----anyhttp-", "\0", "\r\n\r\n"),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((all) => Buffer.from(all.join(""), "latin1"));
const type = fc.option(fc.constantFrom("text/plain", "image/x-own; a=b", "x/y"), {
  nil: undefined,
});

/** Bytes cut at these places. */
function slices(bytes: Uint8Array, cuts: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => new Uint8Array(bytes.subarray(at[i], end)));
}

const part = fc.record({
  name: text,
  filename: fc.option(text, { nil: undefined }),
  type,
  bytes: octets,
  cuts: fc.array(fc.nat(64), { maxLength: 4 }),
  as: fc.constantFrom("bytes", "blob", "stream", "iterable", "made", "measured"),
});
type Generated = typeof part extends fc.Arbitrary<infer T> ? T : never;

function partOf({ name, filename, type: said, bytes, cuts, as }: Generated): Part {
  const all = slices(bytes, cuts);
  async function* iterable(): AsyncGenerator<Uint8Array> {
    for (const piece of all) yield await Promise.resolve(piece);
  }
  const contents: Record<Generated["as"], () => Part["content"]> = {
    bytes: () => new Uint8Array(bytes),
    blob: () => new Blob(all),
    stream: () => new Blob(all).stream(),
    iterable,
    made: () => iterable,
    measured: iterable,
  };
  return {
    name,
    filename,
    type: said,
    content: contents[as](),
    length: as === "measured" ? bytes.length : undefined,
  };
}

const escaped = (name: string): string =>
  name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");

describe("multipart content", () => {
  it(
    "is read back as exactly the parts that went in, and its length is that of its bytes",
    patience,
    () =>
      holds(
        200,
        fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
          const { session, transport } = sessionOf();
          await session.post("", { multipart: parts.map(partOf) });
          const { fields, content, request } = transport.last;
          const bytes = content as Uint8Array<ArrayBuffer>;
          const known = parts.every(({ as }) => /^(bytes|blob|measured)$/.test(as));
          expect(bodyLength(request.body)).toBe(known ? bytes.byteLength : null);
          expect(parseForm(fields["content-type"], Buffer.from(bytes).toString("latin1"))).toEqual(
            parts.map((one) => ({
              name: escaped(one.name),
              filename:
                one.filename === undefined
                  ? one.as === "blob"
                    ? "blob"
                    : undefined
                  : escaped(one.filename),
              fields: { "content-type": one.type ?? "application/octet-stream" },
              content: one.bytes.toString("latin1"),
            })),
          );
        }),
      ),
  );

  it("of a FormData is read back by another library as what went in", patience, () =>
    holds(
      200,
      fc.asyncProperty(
        fc.array(fc.record({ name: text, value: text, filename: fc.option(text), bytes: octets }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (entries) => {
          const form = new FormData();
          for (const { name, value, filename, bytes } of entries) {
            if (filename === null) form.append(name, value);
            else form.append(name, new Blob([new Uint8Array(bytes)]), filename);
          }
          const { session, transport } = sessionOf();
          await session.post("", { multipart: form });
          const { fields, content } = transport.last;
          const read = await new Response(content as Uint8Array<ArrayBuffer>, {
            headers: { "content-type": fields["content-type"] ?? "" },
          }).formData();
          const seen = await Promise.all(
            [...(read as unknown as Iterable<[string, string | File]>)].map(async ([name, value]) =>
              typeof value === "string"
                ? [name, value]
                : [name, value.name, Buffer.from(await value.arrayBuffer()).toString("latin1")],
            ),
          );
          const lines = (given: string): string => given.replaceAll(/\r\n|\r|\n/g, "\r\n");
          // Reading undoes what the name itself had escaped, too: browsers do not escape the percent sign.
          const again = (given: string): string =>
            escaped(given)
              .replaceAll(/%0A/gi, "\n")
              .replaceAll(/%0D/gi, "\r")
              .replaceAll("%22", '"');
          expect(seen).toEqual(
            entries.map(({ name, value, filename, bytes }) =>
              filename === null
                ? [again(lines(name)), lines(value)]
                : [again(lines(name)), again(filename), bytes.toString("latin1")],
            ),
          );
        },
      ),
    ),
  );
});
