import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Challenge, parseChallenges, parseParams } from "../src/auth/challenges.ts";
import { holds } from "./support/generated.ts";

const shape = (challenges: readonly Challenge[]): unknown[] =>
  challenges.map(({ scheme, token68, params }) => [scheme, token68 ?? { ...params }]);

describe("challenges", () => {
  it.each([
    ["one", 'Basic realm="simple"', [["basic", { realm: "simple" }]]],
    [
      "several in a line (RFC 9110 §11.6.1)",
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ["basic", { realm: "simple" }],
        ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
      ],
    ],
    [
      "a token, and schemes without anything",
      "Negotiate YII+a/b-c._~==, NTLM ,Bearer",
      [
        ["negotiate", "YII+a/b-c._~=="],
        ["ntlm", {}],
        ["bearer", {}],
      ],
    ],
    [
      "commas, schemes and equals signs in quotes",
      'Digest realm="a, Basic realm=b", nonce="=="',
      [["digest", { realm: "a, Basic realm=b", nonce: "==" }]],
    ],
    [
      "space and commas wherever lists allow them",
      ' , Basic  realm\t=\t"x" ,,\t, charset = UTF-8,',
      [["basic", { realm: "x", charset: "UTF-8" }]],
    ],
    ["names in any case", 'DIGEST Realm="X"', [["digest", { realm: "X" }]]],
    ["values that should be in quotes", "Digest nonce=a/b==", [["digest", { nonce: "a/b==" }]]],
    ["empty values in quotes", 'Basic realm=""', [["basic", { realm: "" }]]],
    ["octets beyond ASCII", 'Basic realm="caf\xc3\xa9"', [["basic", { realm: "caf\xc3\xa9" }]]],
    ["names of the language", 'A __proto__="x"', [["a", JSON.parse('{"__proto__":"x"}')]]],
    ["nothing of nothing", "", []],
    ["nothing of commas", ", ,", []],
    ["nothing of punctuation", "=", []],
    ["nothing that says something twice", 'A x=1, X=2, B y="3"', [["b", { y: "3" }]]],
    ["nothing from an open quote on", 'B x=1, A realm="a", nonce="b', [["b", { x: "1" }]]],
    ["nothing with a control character", 'B x=1, A realm="a\x00b"', [["b", { x: "1" }]]],
    ["nothing with a line break", 'A realm="a\r\nb"', []],
    ["nothing that goes on after its value", 'B, A x="1"y=2, C', [["b", {}]]],
    ["nothing without a value", "B, A x=, y=1", [["b", {}]]],
  ])("are read: %s", (_what, line, challenges) => {
    expect(shape(parseChallenges([line]))).toEqual(challenges);
  });

  it("are read from several lines, and one that is broken spoils no other", () => {
    expect(shape(parseChallenges(['A x="', "B", "C, D y=1"]))).toEqual([
      ["b", {}],
      ["c", {}],
      ["d", { y: "1" }],
    ]);
  });

  it("are passed over where a line is longer than any server has reason for", () => {
    expect(parseChallenges([`A x="${"y".repeat(70_000)}"`, "B"])).toHaveLength(1);
  });

  it("come back as they were written, whatever they hold", async () => {
    const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/);
    const text = fc.stringMatching(/^[\t -~\x80-\xff]{0,20}$/);
    const params = fc.uniqueArray(fc.tuple(token, text), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name.toLowerCase(),
    });
    const space = fc.constantFrom("", " ", "\t ");
    await holds(
      100,
      fc.property(fc.array(fc.tuple(token, params), { maxLength: 4 }), space, (all, gap) => {
        const line = all
          .map(
            ([scheme, pairs]) =>
              `${scheme} ${pairs
                .map(
                  ([name, value]) => `${name}${gap}=${gap}"${value.replaceAll(/["\\]/g, "\\$&")}"`,
                )
                .join(`${gap},${gap}`)}`,
          )
          .join(`${gap},${gap}`);
        expect(
          parseChallenges([line]).map(({ scheme, params }) => [scheme, Object.entries(params)]),
        ).toEqual(
          all.map(([scheme, pairs]) => [
            scheme.toLowerCase(),
            // Names that look like numbers come first in a record.
            Object.entries(
              Object.assign(
                Object.create(null),
                ...pairs.map(([name, value]) => ({ [name.toLowerCase()]: value })),
              ),
            ),
          ]),
        );
      }),
    );
  });

  it("never fail, and give nothing that a field could not hold", async () => {
    const piece = fc.constantFrom(
      ...["Digest ", "realm", "=", '"', "\\", ",", " ", "a", "nonce=b", "==", "\r\n", "\x00", "é"],
    );
    const line = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      fc.string({ unit: "binary", maxLength: 50 }),
    );
    await holds(
      200,
      fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
        for (const { params } of parseChallenges(lines))
          for (const value of Object.values(params)) expect(value).toMatch(/^[\t -~\x80-\xff]*$/);
        parseParams(lines.join(", "));
      }),
    );
  });

  it("take hostile lines in linear time", () => {
    for (const part of [
      '"',
      "\\",
      'a="',
      'a="\\',
      "a",
      "a ",
      "a=",
      "a,",
      " ",
      ",",
      'a="b",',
      "a =",
    ]) {
      const most = Math.floor(65_000 / part.length);
      for (const start of ["", "A ", 'A x="', "A x=", "A x=1 "])
        parseChallenges([start + part.repeat(most)]);
    }
    expect(parseChallenges([`A${" x=y,".repeat(10_000)}`])).toEqual([]);
  });
});

describe("parameters", () => {
  it.each([
    ['nextnonce="a", qop=auth, nc=00000001', { nextnonce: "a", qop: "auth", nc: "00000001" }],
    ['nextnonce="a", qop="', { nextnonce: "a" }],
    ["", {}],
    ["Digest", {}],
  ])("of %j are read as far as they make sense", (line, params) => {
    expect({ ...parseParams(line) }).toEqual(params);
  });
});
