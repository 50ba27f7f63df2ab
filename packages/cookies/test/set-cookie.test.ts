import type { HttpRequest } from "@anyhttp/core";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cookieJar } from "../src/index.ts";
import { all, answer, outcome, outcomes, sent } from "./support/exchange.ts";

const url = "https://a.test/";
const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);

beforeEach(() => void vi.useFakeTimers({ now, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describe("a set-cookie line", () => {
  it("is one cookie: a comma is part of it", () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1, b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT, c=3", "d=4,5");
    expect(sent(jar, url)).toBe("a=1, b=2; d=4,5");
  });

  it("keeps name and value as they are, but for space around them", () => {
    const lines: Record<string, string> = {
      "  a \t=\t 1 2 ": "a=1 2",
      'a="quoted, b"': 'a="quoted, b"',
      "a=b=c==": "a=b=c==",
      "a=": "a=",
      "a;=1": "a",
      "=a": "a",
      "==a": "=a",
      "a=1\t2": "a=1\t2",
      "A=%20": "A=%20",
      "a{}[]@ü=1": "a{}[]@ü=1",
      // The last octet of this letter in UTF-8 is what JavaScript takes for white space.
      "a=\u00c3\u00a0": "a=\u00c3\u00a0",
      "a=1;;; ;=; Path=/;": "a=1",
      "a=1 ; Unknown=2; domain2=x": "a=1",
    };
    expect(outcomes(Object.keys(lines), url)).toEqual(
      Object.fromEntries(Object.entries(lines).map(([line, field]) => [line, [field]])),
    );
  });

  it("without name and value, or with a control character, is none", () => {
    const controls = [0, 1, 8, 10, 13, 31, 127].map((code) => String.fromCharCode(code));
    const lines = ["", " ", "=", " = ", ";a=1", "=; Path=/", "a=\u0100"];
    for (const one of controls)
      lines.push(`a=${one}`, `a${one}=1`, `a=1; Path=/${one}`, `a=1;${one}`);
    expect(outcomes(lines, url)).toEqual(all(lines, "malformed"));
  });

  it("may name a cookie like what every object has", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
    const jar = cookieJar();
    for (const name of names) void answer(jar, url, `${name}=1; Path=/${name}`, `${name}=1`);
    for (const name of names) expect(sent(jar, `${url}${name}`)).toContain(`${name}=1; `);
    expect(jar.toJSON().cookies).toHaveLength(10);
    expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
  });

  it("may have 4096 octets of name and value, and 1024 in an attribute", () => {
    const pair = `name=${"v".repeat(4092)}`;
    expect(outcome(pair, url)).toEqual([pair]);
    expect(outcome(`${pair}v`, url)).toBe("too-long");
    expect(outcome(`${"n".repeat(4097)}=`, url)).toBe("too-long");
    expect(
      outcome(`a=1; Path=/${"p".repeat(1023)}`, url, `${url}${"p".repeat(1023)}`, url),
    ).toEqual(["a=1", null]);
    // What is longer is as if it were not there.
    expect(outcome(`a=1; Path=/${"p".repeat(1024)}`, url)).toEqual(["a=1"]);
    expect(outcome(`a=1; Domain=${"x".repeat(1025)}`, url)).toEqual(["a=1"]);
    expect(outcome(`a=1; x=${"x".repeat(100_000)}; Path=/p`, url)).toEqual([null]);
  });

  it("never throws, and what is kept is sent as it came", () => {
    const octets = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    const attribute = fc
      .constantFrom(
        "Domain=",
        "Path=",
        "Max-Age=",
        "Expires=",
        "SameSite=",
        "Secure",
        "HttpOnly",
        "",
      )
      .chain((name) => octets.map((value) => name + value));
    fc.assert(
      fc.property(
        octets,
        octets,
        fc.array(attribute, { maxLength: 4 }),
        (name, value, attributes) => {
          const jar = cookieJar();
          void answer(jar, url, [`${name}=${value}`, ...attributes].join(";"));
          for (const kept of jar.toJSON().cookies) {
            const at = `${url.slice(0, -1)}${kept.path}`;
            // A path that a URL would write otherwise is never met.
            if (new URL(at).href === at)
              expect(sent(jar, at)).toBe(
                kept.name === "" ? kept.value : `${kept.name}=${kept.value}`,
              );
            expect(`${name}=${value}`).toContain(kept.value);
          }
        },
      ),
    );
  });
});

describe("the end of a cookie", () => {
  /** How long it lives: days, `null` with the session, `"gone"` at once. */
  const life = (attributes: string): unknown => {
    const jar = cookieJar();
    void answer(jar, url, `a=1; ${attributes}`);
    const [cookie] = jar.toJSON().cookies;
    return cookie ? cookie.expires && (cookie.expires - now) / day : "gone";
  };

  it("is that of Max-Age, whatever Expires says, and the last of each counts", () => {
    expect(life("Max-Age=86400")).toBe(1);
    expect(life("Max-Age=86400; Expires=Thu, 01 Jan 1970 00:00:00 GMT")).toBe(1);
    expect(life("Max-Age=0; Expires=Fri, 02 Jan 2026 00:00:00 GMT")).toBe("gone");
    expect(life("Max-Age=0; Max-Age=86400")).toBe(1);
    expect(life("Expires=Fri, 02 Jan 2026 00:00:00 GMT")).toBe(1);
    expect(life("expires=Fri, 02-Jan-26 00:00:00 GMT")).toBe(1);
    expect(life('Expires="Fri Jan  2 00:00:00 2026"')).toBe(1);
    expect(life("")).toBeNull();
  });

  it("lies no further off than 400 days", () => {
    for (const far of [
      "Max-Age=34560001",
      "Max-Age=99999999999999999999",
      `Max-Age=${"9".repeat(1000)}`,
      "Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    ])
      expect(life(far)).toBe(400);
  });

  it("has come when it lies in the past", () => {
    for (const past of [
      "Max-Age=0",
      "Max-Age=-1",
      `Max-Age=-${"9".repeat(1000)}`,
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "Expires=Mon, 01 Jan 1601 00:00:00 GMT",
      "Expires=Thu, 01 Jan 2026 00:00:00 GMT",
    ])
      expect(life(past)).toBe("gone");
  });

  it("is that of the session where the date is none", () => {
    for (const absurd of [
      "Max-Age",
      "Max-Age=",
      "Max-Age=+5",
      "Max-Age=5.5",
      "Max-Age=1e3",
      "Max-Age=x",
      "Expires",
      "Expires=",
      "Expires=0",
      "Expires=-1",
      "Expires=never",
      "Expires=Tue, 31 Feb 2026 00:00:00 GMT",
      "Expires=Fri, 02 Jan 2026 24:00:00 GMT",
      "Expires=Fri, 02 Jan 1600 00:00:00 GMT",
      "Expires=Fri, 02 Jan 99999 00:00:00 GMT",
      `Expires=${"1:".repeat(500)}`,
    ])
      expect([absurd, life(absurd)]).toEqual([absurd, null]);
  });

  it("comes when it is said to come, however often the cookie is sent until then", () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1; Max-Age=10", "b=2");
    for (let second = 0; second < 10; second++) {
      expect(sent(jar, url)).toBe("a=1; b=2");
      vi.setSystemTime(now + (second + 1) * 1000);
    }
    expect(sent(jar, url)).toBe("b=2");
    expect(jar.toJSON().cookies).toHaveLength(1);
  });

  it("leaves a jar of which all has ended as it was at first: requests are not even looked at", () => {
    const jar = cookieJar();
    const unseen = {} as HttpRequest;
    Object.defineProperty(unseen, "url", { get: () => expect.unreachable() });
    expect(jar.cookiesFor(unseen, url)).toBeNull();
    void answer(jar, url, "a=1; Max-Age=10");
    vi.setSystemTime(now + 10_000);
    expect(sent(jar, url)).toBeNull();
    expect(jar.cookiesFor(unseen, url)).toBeNull();
  });

  it("removes exactly the cookie of that name, domain and path", async () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1", "a=2; Path=/x", "a=3; Domain=a.test", "b=4");
    void answer(jar, url, "a=; Max-Age=0", "none=; Max-Age=0");
    expect((await jar.all()).map(({ value }) => value)).toEqual(["2", "3", "4"]);
  });
});

describe("the cookie field", () => {
  it("has longer paths first, then what was set first, replaced or not", () => {
    const jar = cookieJar();
    void answer(jar, `${url}x/y`, "c=3; Path=/", "a=1; Path=/x/y", "b=2; Path=/x", "d=4; Path=/");
    void answer(jar, `${url}x/y`, "c=5; Path=/", "e=6; Path=/x");
    expect(sent(jar, `${url}x/y`)).toBe("a=1; b=2; e=6; c=5; d=4");
  });

  it("is none where nothing fits the request", () => {
    const jar = cookieJar();
    expect(sent(jar, url)).toBeNull();
    void answer(jar, "https://b.test/", "a=1");
    void answer(jar, url, "a=1; Path=/x");
    void answer(jar, url);
    expect(sent(jar, url)).toBeNull();
  });
});
