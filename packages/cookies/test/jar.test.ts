import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Cookie, cookieJar, type CookieInput, type CookieJarOptions } from "../src/index.ts";
import { answer, sent, watchedJar } from "./support/exchange.ts";

const url = "https://a.test/";

afterEach(() => void vi.useRealTimers());

describe("looking at a jar", () => {
  it("gives its cookies as plain records, the oldest first", async () => {
    vi.useFakeTimers({ now: 1_750_000_000_000, toFake: ["Date"] });
    const jar = cookieJar();
    void answer(
      jar,
      `${url}x/y`,
      "a=1; Secure; HttpOnly; SameSite=Lax; Domain=a.test; Max-Age=60",
      "b=2",
    );
    const [a, b, ...others] = await jar.all();
    expect(others).toEqual([]);
    expect(a).toEqual({
      name: "a",
      value: "1",
      domain: "a.test",
      hostOnly: false,
      path: "/x",
      secure: true,
      httpOnly: true,
      sameSite: "lax",
      expires: 1_750_000_060_000,
      created: 1_750_000_000_000,
    });
    expect(b).toMatchObject({ name: "b", hostOnly: true, sameSite: null, expires: null });
    expect(b?.created).toBeGreaterThan(a?.created ?? NaN);
  });

  it("can be limited to a name, a path, or a domain and what is beneath it", async () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1", "b=2; Path=/x");
    void answer(jar, "https://x.a.test/", "a=3");
    void answer(jar, "https://ba.test/", "a=4");
    const values = async (filter: object): Promise<string[]> =>
      (await jar.all(filter)).map(({ value }) => value);
    expect(await values({ name: "a" })).toEqual(["1", "3", "4"]);
    expect(await values({ domain: ".A.test" })).toEqual(["1", "2", "3"]);
    expect(await values({ domain: "x.a.test" })).toEqual(["3"]);
    expect(await values({ domain: "a.test", path: "/x" })).toEqual(["2"]);
    expect(await values({ domain: "test" })).toHaveLength(4);
  });

  it("gets the cookie that goes first with a request", async () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1; Path=/", "a=2; Path=/x; Secure", "a=3; Domain=a.test");
    expect((await jar.get("a", `${url}x#y`))?.value).toBe("2");
    expect((await jar.get("a", "http://a.test/x"))?.value).toBe("1");
    expect((await jar.get("a", new URL("https://x.a.test/")))?.value).toBe("3");
    expect(await jar.get("A", url)).toBeNull();
    expect(await jar.get("a", "https://b.test/")).toBeNull();
    await expect(jar.get("a", "x")).rejects.toThrow(TypeError);
  });

  it("shows no value in print", () => {
    const jar = cookieJar();
    void answer(jar, url, "session=tops3cret", "tops3cret-nameless");
    for (const print of [
      inspect(jar, { depth: 9, showHidden: true }),
      String(jar),
      inspect({ jar }),
      inspect([jar]),
    ])
      expect(print).not.toContain("tops3cret");
    expect(inspect(jar)).toBe("CookieJar { a.test: session, a.test:  }");
    expect(Object.prototype.toString.call(jar)).toBe("[object CookieJar]");
    expect(Object.keys(jar)).toEqual([]);
    for (let i = 0; i < 60; i++) void answer(jar, `https://h${i}.test/`, "a=1");
    expect(String(jar)).toMatch(/h47\.test: a, … 12 more }$/);
  });
});

describe("changing a jar", () => {
  it("sets a cookie as a server at the URL would", async () => {
    const jar = cookieJar();
    await jar.set({ name: "a", value: "1" }, `${url}x/y`);
    await jar.set(
      { name: "b", value: "2", domain: ".bücher.a.test", path: "/", maxAge: 60 },
      "https://x.bücher.a.test/",
    );
    await jar.set("c=3; Path=/; Domain=a.test", url);
    expect(sent(jar, `${url}x/`)).toBe("a=1; c=3");
    expect(sent(jar, "https://bücher.a.test/")).toBe("b=2; c=3");
    const [a, b] = await jar.all();
    expect(a).toMatchObject({
      hostOnly: true,
      path: "/x",
      secure: false,
      httpOnly: false,
      sameSite: null,
      expires: null,
    });
    expect(b).toMatchObject({ domain: "xn--bcher-kva.a.test", hostOnly: false });
  });

  it("takes an end as a date, a number or an age, and one in the past removes", async () => {
    vi.useFakeTimers({ now: 1_750_000_000_000, toFake: ["Date"] });
    const jar = cookieJar();
    const cookie = { name: "a", value: "1" };
    const ends = async (more: Partial<CookieInput>): Promise<unknown> => {
      await jar.set({ ...cookie, ...more }, url);
      return (await jar.get("a", url))?.expires;
    };
    expect(await ends({ expires: new Date(1_750_000_001_000) })).toBe(1_750_000_001_000);
    expect(await ends({ expires: 1_750_000_002_000 })).toBe(1_750_000_002_000);
    expect(await ends({ expires: 1, maxAge: 3 })).toBe(1_750_000_003_000);
    expect(await ends({ maxAge: Infinity })).toBe(1_750_000_000_000 + 400 * 86_400_000);
    expect(await ends({ expires: null })).toBeNull();
    expect(await ends({ maxAge: 0 })).toBeUndefined();
    await jar.set(cookie, url);
    expect(await ends({ expires: new Date(0) })).toBeUndefined();
  });

  it("says why it cannot set one, without its value", async () => {
    const { jar, rejected } = watchedJar();
    const cases: [string | object, string, RegExp][] = [
      [{ name: "a", value: "s3cret", domain: "b.test" }, url, /a\.test: domain$/],
      [{ name: "a", value: "s3cret", domain: "a.test/" }, url, /: domain$/],
      [{ name: "a", value: "s3cret", domain: "test" }, url, /: public-suffix$/],
      [{ name: "a", value: "s3cret", secure: true }, "http://a.test/", /: insecure$/],
      [{ name: "a", value: "s3cret", sameSite: "none" }, url, /: same-site$/],
      [{ name: "__Host-a", value: "s3cret", secure: true }, url, /: prefix$/],
      [{ name: "a", value: "s3cret".repeat(999) }, url, /: too-long$/],
      [{ name: "", value: "" }, url, /: malformed$/],
      ["\u0000=s3cret", url, /: malformed$/],
      [{ name: "a=b", value: "s3cret" }, url, /has a name that/],
      [{ name: " a", value: "s3cret" }, url, /has a name that/],
      [{ value: "s3cret" }, url, /has a name that/],
      [{ name: "a", value: "s3cret;" }, url, /has a value that/],
      [{ name: "a", value: "s3cret\n" }, url, /has a value that/],
      [{ name: "a", value: "s3cret\u0100" }, url, /has a value that/],
      [{ name: "a", value: 1 }, url, /has a value that/],
      [{ name: "a", value: "s3cret", path: "x" }, url, /has a path that/],
      [{ name: "a", value: "s3cret", domain: 1 }, url, /has a domain that/],
      [{ name: "a", value: "s3cret", expires: new Date(NaN) }, url, /expires/],
      [{ name: "a", value: "s3cret", maxAge: "1" }, url, /maxAge/],
      [{ name: "a", value: "s3cret", secure: 1 }, url, /secure/],
      [{ name: "a", value: "s3cret", sameSite: "Lax" }, url, /sameSite/],
    ];
    for (const [cookie, where, message] of cases) {
      const error = await jar.set(cookie as CookieInput, where).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(message);
      expect(inspect(error)).not.toContain("s3cret");
    }
    expect(await jar.all()).toEqual([]);
    // Who sets a cookie is told by the error.
    expect(rejected).toEqual([]);
  });

  it("deletes by name and clears by domain, and says how many", async () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1", "a=2; Path=/x", "b=3");
    void answer(jar, "https://x.a.test/", "a=4", "c=5");
    void answer(jar, "https://b.test/", "a=6");
    expect(await jar.delete("a", { domain: "a.test", path: "/x" })).toBe(1);
    expect(await jar.delete("none")).toBe(0);
    expect(await jar.clear({ domain: "x.a.test" })).toBe(2);
    expect(await jar.delete("a", { domain: "b.test" })).toBe(1);
    expect((await jar.all()).map(({ value }) => value)).toEqual(["1", "3"]);
    expect(await jar.clear()).toBe(2);
    expect(jar.toJSON().cookies).toEqual([]);
    expect(sent(jar, url)).toBeNull();
  });

  it("tells of what it drops by name and host, and drops nothing else", () => {
    const told: unknown[] = [];
    const jar = cookieJar({ onRejected: (cookie, reason) => void told.push([cookie, reason]) });
    void answer(
      jar,
      "https://x.a.test/",
      "a=s3cret; Domain=b.test",
      "s3cret\u0000",
      `${"n".repeat(99)}=${"s3cret".repeat(999)}`,
      "ok=1",
    );
    expect(told).toEqual([
      [{ name: "a", host: "x.a.test" }, "domain"],
      [{ name: "", host: "x.a.test" }, "malformed"],
      [{ name: "n".repeat(64), host: "x.a.test" }, "too-long"],
    ]);
    expect(sent(jar, "https://x.a.test/")).toBe("ok=1");
  });
});

describe("options", () => {
  it("are checked", () => {
    for (const wrong of [
      { maxCookies: 0 },
      { maxCookies: 1.5 },
      { maxCookiesPerDomain: "50" },
      { maxFieldLength: NaN },
      { loopbackIsSecure: 1 },
      { onRejected: true },
      { store: {} },
      { store: null },
      { unknown: 1 },
      { toString: 1 },
    ])
      expect(() => cookieJar(wrong as unknown as CookieJarOptions)).toThrow(TypeError);
    expect(() => cookieJar({ maxCookies: undefined, store: undefined })).not.toThrow();
  });
});

describe("the JSON of a jar", () => {
  const again = (
    jar: { toJSON(): unknown },
    options?: CookieJarOptions,
  ): ReturnType<typeof cookieJar> => cookieJar.from(JSON.parse(JSON.stringify(jar)), options);

  it("holds all that decides where a cookie goes, and when it ends", async () => {
    vi.useFakeTimers({ now: 1_750_000_000_000, toFake: ["Date"] });
    const jar = cookieJar();
    void answer(
      jar,
      url,
      "a=host",
      "b=all; Domain=a.test; Max-Age=100",
      "c=3; Secure; HttpOnly; SameSite=Strict; Path=/x",
      "__proto__=p",
      "u=\u00c3\u00a0",
    );
    void answer(jar, url, "a=host2");
    const loaded = again(jar);
    expect(await loaded.all()).toEqual(await jar.all());
    // V-CK-02: host-only survives, and the life of a cookie does not begin anew.
    expect(sent(loaded, "https://x.a.test/")).toBe("b=all");
    vi.setSystemTime(1_750_000_099_999);
    const later = again(loaded);
    expect(sent(later, "https://x.a.test/")).toBe("b=all");
    vi.setSystemTime(1_750_000_100_000);
    expect(sent(later, "https://x.a.test/")).toBeNull();
    expect(later.toJSON().cookies.map(({ name }) => name)).not.toContain("b");
  });

  it("keeps the order in which cookies are sent, and in which they go", () => {
    const jar = cookieJar();
    void answer(jar, url, "a=1; Path=/a", "b=2; Path=/b", "c=3; Path=/");
    void sent(jar, `${url}a`);
    const loaded = again(jar, { maxCookiesPerDomain: 3 });
    void answer(loaded, url, "d=4; Path=/");
    expect(sent(loaded, `${url}b`)).toBe("c=3; d=4");
    expect(sent(loaded, `${url}a`)).toBe("a=1; c=3; d=4");
  });

  it("is refused if it is not that of a jar", () => {
    const good: Cookie = {
      name: "a",
      value: "1",
      domain: "a.test",
      hostOnly: true,
      path: "/",
      secure: false,
      httpOnly: false,
      sameSite: null,
      expires: null,
      created: 1,
    };
    const from = (data: unknown): unknown => cookieJar.from(data).toJSON().cookies;
    expect(from({ version: 1, cookies: [good] })).toHaveLength(1);
    const wrong: unknown[] = [
      null,
      undefined,
      1,
      "",
      "{}",
      [],
      {},
      { version: 1 },
      { version: 2, cookies: [] },
      { version: 1, cookies: {} },
    ];
    for (const cookie of [
      null,
      "a=1",
      [],
      { ...good, name: 1 },
      { ...good, value: null },
      { ...good, hostOnly: "no" },
      { ...good, expires: "soon" },
      { ...good, created: undefined },
      { ...good, sameSite: "Lax" },
      { ...good, secure: undefined },
    ])
      wrong.push({ version: 1, cookies: [good, cookie] });
    for (const data of wrong)
      expect(() => from(data)).toThrow(/^this is not the data of a cookie jar/);
  });

  it("gives no cookie that a server could not have set", () => {
    const good: Cookie = {
      name: "a",
      value: "1",
      domain: "a.test",
      hostOnly: true,
      path: "/",
      secure: true,
      httpOnly: false,
      sameSite: null,
      expires: null,
      created: 1,
    };
    const cases: [Partial<Cookie>, string][] = [
      [{ domain: "co.uk", hostOnly: false }, "public-suffix"],
      [{ domain: "test", hostOnly: false }, "public-suffix"],
      [{ domain: "127.0.0.1", hostOnly: false }, "domain"],
      [{ domain: "[::1]", hostOnly: false }, "domain"],
      [{ domain: "" }, "domain"],
      [{ domain: "A.test" }, "domain"],
      [{ domain: "bücher.test" }, "domain"],
      [{ domain: "a.test/x" }, "domain"],
      [{ domain: "a.test:80" }, "domain"],
      [{ domain: "x@a.test" }, "domain"],
      [{ name: "a\r\nb" }, "malformed"],
      [{ name: "a=b" }, "malformed"],
      [{ value: "1; b=2" }, "malformed"],
      [{ value: "1\u0000" }, "malformed"],
      [{ value: "\u2028" }, "malformed"],
      [{ path: "x" }, "malformed"],
      [{ name: "", value: "" }, "malformed"],
      [{ value: "v".repeat(4096) }, "too-long"],
      [{ name: "__Host-a", path: "/x" }, "prefix"],
      [{ name: "__host-a", hostOnly: false }, "prefix"],
      [{ name: "__Secure-a", secure: false }, "prefix"],
      [{ sameSite: "none", secure: false }, "same-site"],
    ];
    for (const [part, reason] of cases) {
      const told: unknown[] = [];
      const data = { version: 1, cookies: [{ ...good, ...part }] };
      const jar = cookieJar.from(data, { onRejected: (_, why) => void told.push(why) });
      expect([part, told, jar.toJSON().cookies]).toEqual([part, [reason], []]);
    }
  });

  it("makes no cookie live longer, older or more numerous than the jar allows", () => {
    const good: Cookie = {
      name: "a",
      value: "1",
      domain: "a.test",
      hostOnly: true,
      path: "/",
      secure: true,
      httpOnly: false,
      sameSite: null,
      expires: 1e300,
      created: 1e300,
    };
    const cookies = Array.from({ length: 60 }, (_, i) => ({ ...good, name: `c${i}` }));
    const before = Date.now();
    const data = cookieJar.from({ version: 1, cookies }).toJSON();
    expect(data.cookies.map(({ name }) => name)).toEqual(cookies.slice(10).map(({ name }) => name));
    for (const { created, expires } of data.cookies) {
      expect(created).toBeLessThanOrEqual(Date.now() + 60_000);
      expect(expires).toBeGreaterThanOrEqual(before + 400 * 86_400_000);
      expect(expires).toBeLessThanOrEqual(Date.now() + 400 * 86_400_000);
    }
  });

  it("sets no prototype", () => {
    const text = `{"version":1,"__proto__":{"polluted":1},"cookies":[{"name":"__proto__","value":"1","domain":"a.test","hostOnly":true,
      "path":"/","secure":false,"httpOnly":false,"sameSite":null,"expires":null,"created":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}`;
    const jar = cookieJar.from(JSON.parse(text));
    expect(sent(jar, url)).toBe("__proto__=1");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(jar.toJSON().cookies[0] ?? {})).not.toContain("__proto__");
  });
});
