import { describe, expect, it } from "vitest";
import { parseLinks } from "../src/http/link.ts";
import { charset } from "../src/http/media-type.ts";
import { isIdempotent, normalizeMethod } from "../src/http/method.ts";

const base = "http://a.test/items?page=1";

describe("the link field", () => {
  it.each([
    ["one link", '<?page=2>; rel="next"', { next: "http://a.test/items?page=2" }],
    [
      "several",
      "</1>; rel=first, <http://b.test/>;rel=last",
      { first: "http://a.test/1", last: "http://b.test/" },
    ],
    [
      "several relations",
      '</x>; rel="next  LAST"',
      { next: "http://a.test/x", last: "http://a.test/x" },
    ],
    ["the first of a relation", "</1>; rel=next, </2>; rel=next", { next: "http://a.test/1" }],
    ["the first rel of a link", "</1>; rel=next; rel=prev", { next: "http://a.test/1" }],
    ["names in any case, and space", '</1> ; REL = "next"', { next: "http://a.test/1" }],
    [
      "commas and brackets in quotes",
      '</1>; title="a, </2>; rel=no"; rel=next',
      { next: "http://a.test/1" },
    ],
    ["empty parameters, and quotes without end", '</1>;; ;rel="next', { next: "http://a.test/1" }],
    ["commas in targets", "</1,2>; rel=next", { next: "http://a.test/1,2" }],
    ["nothing without rel", "</1>; title=x, </2>", {}],
    ["nothing that is no URL", "<http://[>; rel=next, </2>; rel=prev", { prev: "http://a.test/2" }],
    ["nothing that is malformed", "rel=next, <x; rel=x, y; rel=y", {}],
    ["an empty field", "", {}],
    ["no field", null, {}],
  ])("gives %s", (_what, value, urls) => {
    const links = parseLinks(value, base);
    expect(Object.fromEntries(Object.entries(links).map(([rel, { url }]) => [rel, url]))).toEqual(
      urls,
    );
  });

  it("gives the other parameters, unquoted, without a prototype", () => {
    const links = parseLinks(
      '</1>; rel="next"; Title="a \\"b\\" \\\\ c"; crossorigin; __proto__=x',
      base,
    );
    expect(Object.entries(links["next"]?.params ?? {})).toEqual([
      ["rel", "next"],
      ["title", 'a "b" \\ c'],
      ["crossorigin", ""],
      ["__proto__", "x"],
    ]);
    const planted = parseLinks("</1>; rel=__proto__", base);
    expect([Object.keys(planted), Object.getPrototypeOf(planted)]).toEqual([["__proto__"], null]);
  });

  it("takes hostile fields in linear time", () => {
    for (const part of ["<", "<a>", "<a>;", '<a>;x="', "<a>; ", " ;", "<a>;x=\\", ";x"]) {
      parseLinks(part.repeat(20_000), base);
      parseLinks(`<a>${part.repeat(20_000)}`, base);
    }
    expect(parseLinks(`<a>${"; x=y".repeat(20_000)}; rel=next`, base)["next"]?.url).toBe(
      "http://a.test/a",
    );
  });
});

describe("media types", () => {
  it.each([
    ["text/HTML; charset=utf-8", "utf-8"],
    [' application/json ;a=b; Charset="ISO-8859-1" ', "ISO-8859-1"],
    ['text/plain; x="; charset=latin1"; charset=utf-8', "utf-8"],
    ['text/plain; charset="utf-8', "utf-8"],
    ["text/plain; charset=", null],
    ["text/plain", null],
    ["", null],
    [null, null],
    [undefined, null],
  ])("of %j have the charset %j", (value, label) => {
    expect(charset(value)).toBe(label);
  });
});

describe("methods", () => {
  it("are idempotent as RFC 9110 says", () => {
    const methods = [
      "GET",
      "HEAD",
      "OPTIONS",
      "TRACE",
      "PUT",
      "DELETE",
      "POST",
      "PATCH",
      "get",
      "PURGE",
    ];
    expect(methods.filter(isIdempotent)).toEqual([
      "GET",
      "HEAD",
      "OPTIONS",
      "TRACE",
      "PUT",
      "DELETE",
    ]);
  });

  it("are upper-cased if well known", () => {
    expect(["get", "Patch", "connect", "purge", "Search"].map(normalizeMethod)).toEqual([
      "GET",
      "PATCH",
      "CONNECT",
      "purge",
      "Search",
    ]);
  });
});
