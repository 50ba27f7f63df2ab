import { describe, expect, it, vi } from "vitest";
import { bodyLength } from "../src/index.ts";
import { staleConnection } from "./support/scripted-transport.ts";
import { sessionOf } from "./support/session.ts";

/** The bytes that a form arrives as, its boundary replaced by B. */
async function sent(form: FormData, as: "multipart" | "body" = "multipart"): Promise<string> {
  const { session, transport } = sessionOf();
  await session.post("", { [as]: form });
  const { fields, content } = transport.last;
  const boundary = /^multipart\/form-data; boundary=(----anyhttp-[0-9a-f]{32})$/.exec(
    fields["content-type"] ?? "",
  )?.[1];
  if (!boundary || !content) throw new Error(`no boundary in ${fields["content-type"]}`);
  expect(bodyLength(transport.last.request.body)).toBe(content.byteLength);
  return Buffer.from(content).toString().replaceAll(boundary, "B");
}

function form(...entries: readonly (readonly [string, string | File | Blob, string?])[]): FormData {
  const made = new FormData();
  for (const [name, value, filename] of entries) {
    if (typeof value === "string") made.append(name, value);
    else if (filename === undefined) made.append(name, value);
    else made.append(name, value, filename);
  }
  return made;
}

describe("multipart content", () => {
  it("is exactly what browsers send", async () => {
    const file = new File(["\x00\r\ndata"], "photo.png", { type: "image/png" });
    const expected = [
      '--B\r\ncontent-disposition: form-data; name="title"\r\n\r\nnä\r\n',
      '--B\r\ncontent-disposition: form-data; name="file"; filename="photo.png"\r\ncontent-type: image/png\r\n\r\n\x00\r\ndata\r\n',
      "--B--\r\n",
    ].join("");
    expect(await sent(form(["title", "nä"], ["file", file]))).toBe(expected);
    expect(await sent(form(["title", "nä"], ["file", file]), "body")).toBe(expected);
  });

  it("of no parts is its end alone", async () => {
    expect(await sent(form())).toBe("--B--\r\n");
  });

  it("keeps the order and the duplicates of names", async () => {
    const text = await sent(form(["a", "1"], ["b", "2"], ["a", "3"]));
    expect(
      [...text.matchAll(/name="(\w)"\r\n\r\n(\d)/g)].map((match) => match.slice(1).join("")),
    ).toEqual(["a1", "b2", "a3"]);
  });

  it("names a Blob blob, of no type in particular", async () => {
    expect(await sent(form(["f", new Blob(["x"])]))).toBe(
      '--B\r\ncontent-disposition: form-data; name="f"; filename="blob"\r\ncontent-type: application/octet-stream\r\n\r\nx\r\n--B--\r\n',
    );
  });

  it.each([
    ['a"b', "a%22b"],
    ["a\r\nb", "a%0D%0Ab"],
    ["a\nb", "a%0D%0Ab"],
    ["a\rb", "a%0D%0Ab"],
    ['"; filename="x', "%22; filename=%22x"],
    ["a%22b\\", "a%22b\\"],
    ["ä😀", "ä😀"],
    ["", ""],
  ])("lets the name %j neither end its quotes nor its line", async (name, escaped) => {
    expect(await sent(form([name, "1"]))).toBe(
      `--B\r\ncontent-disposition: form-data; name="${escaped}"\r\n\r\n1\r\n--B--\r\n`,
    );
  });

  it.each([
    ['a"b.txt', "a%22b.txt"],
    ["a\nb", "a%0Ab"],
    ["a\r\nx-planted: 1", "a%0D%0Ax-planted: 1"],
    ["../../etc/passwd", "../../etc/passwd"],
  ])("lets the file name %j neither end its quotes nor its line", async (name, escaped) => {
    expect(await sent(form(["f", new Blob([]), name]))).toContain(
      `name="f"; filename="${escaped}"\r\ncontent-type`,
    );
  });

  it("writes line breaks in values as CRLF, and leaves files alone", async () => {
    const text = await sent(form(["v", "a\nb\rc\r\nd"], ["f", new Blob(["a\nb\rc\r\nd"])]));
    expect(text).toContain('name="v"\r\n\r\na\r\nb\r\nc\r\nd\r\n--B');
    expect(text).toContain("octet-stream\r\n\r\na\nb\rc\r\nd\r\n--B");
  });

  it("has another boundary each time, and the same when it is sent again", async () => {
    const boundaries = new Set<string>();
    const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
    for (let i = 0; i < 1000; i++) {
      const { session, transport } = sessionOf();
      await session.post("", { multipart: form(["a", "1"]) });
      boundaries.add(transport.last.fields["content-type"] ?? "");
    }
    random.mockRestore();
    expect(boundaries.size).toBe(1000);
    const { session, transport } = sessionOf([{ error: staleConnection() }, {}]);
    await session.put("", { multipart: form(["a", "1"], ["f", new Blob(["x"])]) });
    expect(transport.arrivals).toHaveLength(2);
    expect(transport.arrivals[0]?.text).toBe(transport.arrivals[1]?.text);
  });

  it("is read back as what was put in", async () => {
    const { session, transport } = sessionOf();
    const name = 'odd "name"';
    await session.post("", {
      multipart: form([name, "läßt"], ["f", new File(["bytes"], "ü.bin", { type: "x/y" })]),
    });
    const { content, fields } = transport.last;
    const read = await new Response(content as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": fields["content-type"] ?? "" },
    }).formData();
    const file = read.get("f") as File;
    expect([read.get(name), file.name, file.type, await file.text()]).toEqual([
      "läßt",
      "ü.bin",
      "x/y",
      "bytes",
    ]);
  });
});
