import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cookieJar } from "../src/index.ts";
import { answer, sent, watchedJar } from "./support/exchange.ts";

const url = "https://a.test/";
const many = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

// V-CK-05 of the fault catalogue: limits of the jar and of the field.
describe("the limit of a domain", () => {
  it("is 50 cookies, of ten thousand in one response the last", () => {
    const { jar, rejected } = watchedJar();
    void answer(jar, url, ...many(10_000, (i) => `c${i}=${i}`));
    const names = jar.toJSON().cookies.map(({ name }) => name);
    expect(names).toEqual(many(50, (i) => `c${9950 + i}`));
    expect(rejected).toHaveLength(9950);
    expect(rejected[0]).toBe("c0 limit");
  });

  it("lets go what has expired, then what is not Secure, then what was unused longest", () => {
    const { jar, rejected } = watchedJar({ maxCookiesPerDomain: 4 });
    void answer(
      jar,
      url,
      "old=1; Secure; Path=/old",
      "plain=1",
      "short=1; Secure; Max-Age=1",
      "used=1; Secure; Path=/used",
    );
    void sent(jar, `${url}old`);
    vi.setSystemTime(Date.now() + 2000);
    void answer(jar, url, "fifth=1; Secure");
    // What has expired has gone before, and is not reported.
    expect(rejected).toEqual([]);
    void answer(jar, url, "sixth=1; Secure");
    expect(rejected).toEqual(["plain limit"]);
    void answer(jar, url, "seventh=1; Secure");
    expect(rejected).toEqual(["plain limit", "used limit"]);
    // One that is not Secure pushes out none that is.
    void answer(jar, url, "eighth=1");
    expect(rejected.at(-1)).toBe("eighth limit");
  });

  it("is counted apart for each host, and for what all hosts share", () => {
    const jar = cookieJar();
    void answer(jar, url, "own=1; Path=/", "shared=1; Domain=a.test; Secure");
    void answer(
      jar,
      "https://x.a.test/",
      ...many(500, (i) => `x${i}=1`),
      ...many(500, (i) => `y${i}=1; Domain=a.test`),
    );
    const field = sent(jar, url) as string;
    expect(field).toMatch(/^own=1; shared=1; y451=1; /);
    expect(field.split("; ")).toHaveLength(51);
  });
});

describe("the limit of a jar", () => {
  it("is 3000 cookies, the longest unused go first, of whichever site", () => {
    const { jar, rejected } = watchedJar();
    for (let i = 0; i < 3000; i++) void answer(jar, `https://h${i}.test/`, "a=1");
    expect(jar.toJSON().cookies).toHaveLength(3000);
    void sent(jar, "https://h0.test/");
    void answer(jar, "https://more.test/", "b=1");
    expect(sent(jar, "https://h0.test/")).toBe("a=1");
    expect(sent(jar, "https://h1.test/")).toBeNull();
    expect(sent(jar, "https://more.test/")).toBe("b=1");
    expect(jar.toJSON().cookies.length).toBeLessThanOrEqual(3000);
    expect(jar.toJSON().cookies.length).toBeGreaterThan(2900);
    expect(rejected[0]).toBe("a limit");
  });

  it("is exact where it is small, and does not count what is replaced", () => {
    const jar = cookieJar({ maxCookies: 3 });
    for (let i = 0; i < 10; i++) void answer(jar, url, "a=1", "b=2", "c=3");
    expect(sent(jar, url)).toBe("a=1; b=2; c=3");
    void answer(jar, "https://b.test/", "d=4");
    expect(sent(jar, url)).toBe("b=2; c=3");
    expect(sent(jar, "https://b.test/")).toBe("d=4");
  });
});

describe("the limit of the field", () => {
  it("leaves out what does not fit, a host's own cookies last", () => {
    const { jar, rejected } = watchedJar();
    // A neighbour that makes every request too large for its server would shut the host off.
    void answer(
      jar,
      "https://x.a.test/",
      ...many(3, (i) => `big${i}=${"x".repeat(4000)}; Domain=a.test; Path=/`),
    );
    void answer(jar, url, `own=${"y".repeat(3000)}`, "session=1");
    const field = sent(jar, url) as string;
    expect(field.length).toBeLessThanOrEqual(8190);
    expect(field.split("; ").map((pair) => pair.split("=")[0])).toEqual(["big0", "own", "session"]);
    expect(rejected).toEqual(["big1 field-limit", "big2 field-limit"]);
  });

  it("counts the octets between the cookies", () => {
    const jar = cookieJar({ maxFieldLength: 8 });
    void answer(jar, url, "a=1", "b=2", "c=3");
    expect(sent(jar, url)).toBe("a=1; b=2");
    const less = cookieJar({ maxFieldLength: 7 });
    void answer(less, url, "a=1", "b=2");
    expect(sent(less, url)).toBe("a=1");
  });
});
