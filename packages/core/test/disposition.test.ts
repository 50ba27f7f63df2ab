import { describe, expect, it } from "vitest";
import { contentDisposition } from "../src/index.ts";
import { respondTo } from "./support/session.ts";

const of = (value: string | null): ReturnType<typeof contentDisposition> =>
  contentDisposition({ headers: { get: () => value } });

describe("content-disposition", () => {
  it.each<[string, string, string, string | null]>([
    ["a type alone", "attachment", "attachment", null],
    ["a type in any case", "INLINE ", "inline", null],
    ["a name", 'attachment; filename="foo.html"', "attachment", "foo.html"],
    ["a name in any case, with space", 'attachment ; FILENAME = "foo.html" ;', "attachment", "foo.html"],
    ["a name without quotes", "attachment; filename=foo.html", "attachment", "foo.html"],
    ["spaces without quotes", "attachment; filename=my report.pdf; size=3", "attachment", "my report.pdf"],
    ["quotes that are escaped", String.raw`attachment; filename="a \"b\" c.txt"`, "attachment", 'a "b" c.txt'],
    ["semicolons in quotes", 'attachment; filename="a;b=c.txt"', "attachment", "a;b=c.txt"],
    ["a quote that is not closed", 'attachment; filename="foo.html', "attachment", "foo.html"],
    ["what looks like a name in another", 'attachment; x="; filename=no"; filename=yes', "attachment", "yes"],
    ["the first of two", "attachment; filename=a; filename=b", "attachment", "a"],
    ["an extended name", "attachment; filename*=UTF-8''%e2%82%ac%20rates.txt", "attachment", "€ rates.txt"],
    ["an extended name with a language", "inline; filename*=utf-8'en'a%2Bb.txt", "inline", "a+b.txt"],
    ["an extended name in Latin 1", "inline; filename*=iso-8859-1''%A3.txt", "inline", "£.txt"],
    ["the extended name before the other", "inline; filename=e.txt; filename*=UTF-8''%E2%82%AC.txt", "inline", "€.txt"],
    ["the other where the extended one is broken", "inline; filename*=UTF-8''%E2%82; filename=e.txt", "inline", "e.txt"],
    ["the other where its percents are broken", "inline; filename*=UTF-8''a%zz; filename=e.txt", "inline", "e.txt"],
    ["the other where its charset is unknown", "inline; filename*=no''a; filename=e.txt", "inline", "e.txt"],
    ["the other where it has no charset", "inline; filename*=a.txt; filename=e.txt", "inline", "e.txt"],
    ["octets of UTF-8", 'inline; filename="\u00e2\u0082\u00ac.txt"', "inline", "€.txt"],
    ["octets of Latin 1", 'inline; filename="\u00e9.txt"', "inline", "é.txt"],
    ["text that is no octets", 'inline; filename="€é.txt"', "inline", "€é.txt"],
    ["percents as they are", 'inline; filename="a%20b.txt"', "inline", "a%20b.txt"],
    ["no directories", 'inline; filename="../../etc/passwd"', "inline", "passwd"],
    ["no directories of Windows", String.raw`inline; filename="C:\\temp\\a.txt"`, "inline", "a.txt"],
    ["no coded directories", "inline; filename*=UTF-8''..%2f..%5Ca.txt", "inline", "a.txt"],
    ["no directory at all", 'inline; filename="a/.."', "inline", null],
    ["no controls", "inline; filename*=UTF-8''a%00%0d%0ab.txt", "inline", "ab.txt"],
    ["nothing that turns letters round", "inline; filename*=UTF-8''a%E2%80%AEtxt.exe", "inline", "atxt.exe"],
    ["no empty name", 'inline; filename=""', "inline", null],
  ])("says %s", (_what, value, type, filename) => {
    expect(of(value)).toMatchObject({ type, filename });
  }); // prettier-ignore

  it.each([null, "", ";", "; filename=a", '"attachment"', "a b", "filename=a.txt"])(
    "says nothing as %j",
    (value) => expect(of(value)).toBeNull(),
  );

  it("has its other parameters, of no prototype", () => {
    const found = of('attachment; Size="10"; __proto__=x; flag');
    expect(found?.params).toEqual(
      Object.assign(Object.create(null), { size: "10", ["__proto__"]: "x", flag: "" }),
    );
    expect(Object.getPrototypeOf(found?.params)).toBeNull();
  });

  it("takes a time that grows with its length only", () => {
    const began = performance.now();
    for (const part of [" ", "a", ";", '"', "\\", "/", "%20", ";a=", ';a="', "; filename*=UTF-8''"])
      for (const head of ["attachment;filename=", 'a;filename="', "a;filename*=UTF-8''", "a"])
        of(head + part.repeat(20_000));
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("is read of a response", async () => {
    const response = await respondTo({ headers: { "content-disposition": "attachment" } });
    expect(contentDisposition(response)?.type).toBe("attachment");
    expect(contentDisposition(new Response())).toBeNull();
  });
});
