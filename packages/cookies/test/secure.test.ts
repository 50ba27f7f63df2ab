import { describe, expect, it } from "vitest";
import { cookieJar } from "../src/index.ts";
import { all, answer, outcome, outcomes, sent, watchedJar } from "./support/exchange.ts";

// V-CK-03 of the fault catalogue: Secure, prefixes, SameSite values.
describe("Secure", () => {
  const both = ["https://a.test/", "http://a.test/"];

  it("is never sent over cleartext, nor taken from it", () => {
    expect(outcome("a=1; Secure", "https://a.test/", ...both)).toEqual(["a=1", null]);
    expect(outcome("a=1; SECURE=no", "https://a.test/", ...both)).toEqual(["a=1", null]);
    expect(outcome("a=1; Secure", "http://a.test/")).toBe("insecure");
    expect(outcome("a=1", "https://a.test/", ...both)).toEqual(["a=1", "a=1"]);
  });

  it("works on cleartext to this machine, unless that is switched off", () => {
    const here = [
      "http://localhost:8080/",
      "http://127.0.0.1/",
      "http://127.8.9.1/",
      "http://[::1]/",
    ];
    expect(here.flatMap((url) => outcome("a=1; Secure", url))).toEqual(Array(4).fill("a=1"));
    // Names beneath localhost may lead elsewhere, and so may all that only looks like it.
    const elsewhere =
      `http://x.localhost/ http://localhost.test/ http://notlocalhost/ http://127.0.0.1.test/
      http://128.0.0.1/ http://[::2]/ http://0.0.0.0/`.split(/\s+/);
    expect(elsewhere.map((url) => outcome("a=1; Secure", url))).toEqual(Array(7).fill("insecure"));

    const jar = cookieJar({ loopbackIsSecure: false });
    for (const url of here) void answer(jar, url, "a=1; Secure");
    expect(jar.toJSON().cookies).toEqual([]);
    void answer(jar, "https://localhost/", "a=1; Secure");
    expect(sent(jar, "http://localhost/")).toBeNull();
  });

  it("cannot be hidden by a cookie that came over cleartext", () => {
    const hidden = (secure: string, url: string, line: string): string[] => {
      const { jar, rejected } = watchedJar();
      void answer(jar, "https://x.a.test/p/q", secure);
      void answer(jar, url, line);
      return rejected;
    };
    const set = "a=1; Secure; Domain=a.test; Path=/p";
    for (const [url, line] of [
      ["http://x.a.test/", "a=2; Domain=a.test; Path=/p"],
      ["http://x.a.test/", "a=2; Path=/p/q"],
      ["http://a.test/", "a=2; Path=/p"],
      ["http://y.x.a.test/p/", "a=2"],
      ["http://a.test/", "a=; Path=/p; Max-Age=0; Domain=a.test"],
    ] as const)
      expect(hidden(set, url, line)).toEqual(["a hides-secure"]);
    // From above: the domain of the new one covers that of the secure one.
    expect(hidden("a=1; Secure; Path=/", "http://a.test/", "a=2; Domain=a.test")).toEqual([
      "a hides-secure",
    ]);
    // Another name, a wider path, another branch, or a secure way: none of these hides it.
    expect(hidden(set, "http://x.a.test/", "b=2; Path=/p")).toEqual([]);
    expect(hidden(set, "http://x.a.test/", "a=2; Path=/")).toEqual([]);
    expect(hidden(set, "http://x.a.test/", "a=2; Path=/pp")).toEqual([]);
    expect(hidden("a=1; Secure; Path=/", "http://y.a.test/", "a=2; Path=/")).toEqual([]);
    expect(hidden(set, "https://x.a.test/", "a=2; Domain=a.test; Path=/p")).toEqual([]);
  });

  it("protects no longer what its server has replaced or removed", () => {
    for (const line of ["a=2", "a=2; Max-Age=0"]) {
      const { jar, rejected } = watchedJar();
      void answer(jar, "https://a.test/", "a=1; Secure", line);
      void answer(jar, "http://a.test/", "a=3");
      expect(rejected).toEqual([]);
      expect(sent(jar, "https://a.test/")).toBe("a=3");
    }
  });

  it("keeps its cookie when one over cleartext was refused", () => {
    const jar = cookieJar();
    void answer(jar, "https://a.test/", "a=1; Secure");
    void answer(jar, "http://a.test/", "a=2");
    void answer(jar, "http://a.test/", "a=; Max-Age=-1");
    expect(sent(jar, "https://a.test/")).toBe("a=1");
  });
});

describe("prefixes", () => {
  it("hold __Host- cookies to Secure, Path=/ and no Domain, in any case of letters", () => {
    const names = ["__Host-a", "__hOsT-a", "__HOST-", "__host-a"];
    const kept = names.map((name) => `${name}=1; Secure; Path=/`);
    expect(Object.values(outcomes(kept, "https://a.test/x/y")).flat()).toEqual(
      names.map((name) => `${name}=1`),
    );
    const attributes = [
      "",
      "Secure",
      "Path=/",
      "Secure; Path=/x",
      "Secure; Path",
      "Secure; Path=/; Domain=a.test",
      "Secure; Path=/; Path=/x",
    ];
    const lines = names.flatMap((name) => attributes.map((one) => `${name}=1; ${one}`));
    expect(outcomes(lines, "https://a.test/")).toEqual(all(lines, "prefix"));
    expect(outcome("__Host-a=1; Secure; Path=/; Domain=", "https://a.test/")).toEqual([
      "__Host-a=1",
    ]);
    expect(outcome("__Host-a=1; Secure; Path=/", "http://a.test/")).toBe("insecure");
  });

  it("hold __Secure- cookies to Secure", () => {
    expect(outcome("__secure-a=1; Secure; Domain=a.test", "https://a.test/")).toEqual([
      "__secure-a=1",
    ]);
    const lines = ["__Secure-a=1", "__SECURE-a=1; Path=/", "__secure-=1; HttpOnly"];
    expect(outcomes(lines, "https://a.test/")).toEqual(all(lines, "prefix"));
  });

  it("cannot be smuggled into a cookie without a name", () => {
    const lines = ["__Host-a", "=__Host-a", "= __secure-a=1", "=__Host-a=1; Secure; Path=/"];
    expect(outcomes(lines, "https://a.test/")).toEqual(all(lines, "prefix"));
  });

  it("are read as they are written, without decoding", () => {
    const lines = ["%5F%5FHost-a=1", "_Host-a=1", "x__Host-a=1", "__Hosta=1"];
    expect(Object.values(outcomes(lines, "https://a.test/")).flat()).toEqual(lines);
  });
});

describe("SameSite", () => {
  const other = "https://b.test/";
  /** What goes to a.test with a call that began at b.test. */
  const crossing = (line: string, method?: string): unknown => {
    const jar = cookieJar();
    void answer(jar, "https://x.a.test/", `${line}; Domain=a.test`);
    return sent(jar, "https://a.test/", { from: other, ...(method && { method }) });
  };

  it("makes no difference within a site", () => {
    for (const value of ["Strict", "Lax", "None; Secure", "x"])
      for (const from of ["https://a.test/", "https://y.x.a.test:8443/z"]) {
        const jar = cookieJar();
        void answer(jar, "https://a.test/", `a=1; SameSite=${value}`);
        expect(sent(jar, "https://a.test/", { from, method: "POST" })).toBe("a=1");
      }
  });

  it("Strict stays behind when another site led to the request", () => {
    expect(crossing("a=1; SameSite=Strict")).toBeNull();
    expect(crossing("a=1; samesite=STRICT")).toBeNull();
  });

  it("Lax goes with what changes nothing, as when a link is followed", () => {
    const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get"];
    const sentWith = methods.filter((method) => crossing("a=1; SameSite=Lax", method) !== null);
    expect(sentWith).toEqual(["GET", "HEAD", "OPTIONS"]);
  });

  it("None goes everywhere, and needs Secure", () => {
    expect(crossing("a=1; SameSite=None; Secure", "POST")).toBe("a=1");
    expect(outcome("a=1; SameSite=None", "https://a.test/")).toBe("same-site");
  });

  it("of no known value is as if it were not there: Lax", () => {
    for (const attribute of [
      "",
      "; SameSite",
      "; SameSite=StrictLax",
      "; SameSite=None Secure",
      "; SameSite=Strict; SameSite=x",
    ]) {
      expect(crossing(`a=1${attribute}`)).toBe("a=1");
      expect(crossing(`a=1${attribute}`, "POST")).toBeNull();
    }
  });

  it("takes another scheme, another suffix-sharing domain and another address for another site", () => {
    const strict = (url: string, from: string): unknown => {
      const jar = cookieJar();
      void answer(jar, url, "a=1; SameSite=Strict");
      return sent(jar, url, { from });
    };
    expect(strict("https://a.test/", "http://a.test/")).toBeNull();
    expect(strict("https://me.github.io/", "https://you.github.io/")).toBeNull();
    expect(strict("http://127.0.0.1/", "http://127.0.0.2/")).toBeNull();
    expect(strict("http://127.0.0.1:1/", "http://127.0.0.1:2/")).toBe("a=1");
    expect(strict("https://localhost/", "https://x.localhost/")).toBeNull();
  });
});
