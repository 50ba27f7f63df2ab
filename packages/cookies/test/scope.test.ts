import { describe, expect, it } from "vitest";
import { cookieJar } from "../src/index.ts";
import { all, answer, outcome, outcomes, sent } from "./support/exchange.ts";

// V-CK-01 of the fault catalogue: domain and path scoping.
describe("the domain of a cookie", () => {
  it("is the host alone without a Domain attribute, whatever stands in its place", () => {
    const lines = ["a=1", "a=1; Domain", "a=1; Domain=", "a=1; Domain= ", "a=1; Domain=."];
    const hosts = ["https://a.test/", "https://sub.a.test/", "https://b.test/"];
    expect(outcomes(lines, "https://a.test/", ...hosts)).toEqual(all(lines, ["a=1", null, null]));
  });

  it("counts the last attribute, also when that one is empty", () => {
    const hosts = ["https://a.test/", "https://x.a.test/"];
    const beneath = (line: string): unknown => outcome(line, "https://x.a.test/", ...hosts);
    expect(beneath("a=1; Domain=a.test; Domain=")).toEqual([null, "a=1"]);
    expect(beneath("a=1; Domain=; Domain=a.test")).toEqual(["a=1", "a=1"]);
    expect(beneath("a=1; Domain=b.test; Domain=a.test")).toEqual(["a=1", "a=1"]);
    expect(beneath("a=1; Domain=a.test; Domain=b.test")).toBe("domain");
  });

  it("covers the hosts beneath it, and no host that only ends alike", () => {
    const lines = ["a=1; Domain=a.test", "a=1; Domain=.a.test", "a=1; Domain=A.Test"];
    const covered = ["https://a.test/", "https://y.x.a.test/"];
    expect(outcomes(lines, "https://x.a.test/", ...covered)).toEqual(all(lines, ["a=1", "a=1"]));
    const others = ["https://ba.test/", "https://a.test.b.test/", "https://test/"];
    expect(outcomes(lines, "https://a.test/", ...others)).toEqual(all(lines, [null, null, null]));
  });

  it("must be that of the host", () => {
    const lines = `b.test ample.test x.example.test .. ..example.test example.test. test. test:80
      https://example.test ex%61mple.test example.test/`
      .split(/\s+/)
      .map((domain) => `a=1; Domain=${domain}`);
    expect(outcomes(lines, "https://example.test/")).toEqual(all(lines, "domain"));
  });

  it("cannot be one that everybody may register under", () => {
    const cases: [domain: string, host: string][] = [
      ["co.uk", "x.co.uk"],
      ["CO.UK", "x.co.uk"],
      [".co.uk", "x.co.uk"],
      ["co.uk.", "x.co.uk."],
      ["github.io", "me.github.io"],
      ["com", "x.com"],
      ["test", "x.test"],
      ["localhost", "x.localhost"],
      ["kobe.jp", "x.y.kobe.jp"],
      ["y.kobe.jp", "x.y.kobe.jp"],
      ["unlisted", "x.unlisted"],
    ];
    const kept = cases.filter(
      ([domain, host]) => outcome(`a=1; Domain=${domain}`, `https://${host}/`) !== "public-suffix",
    );
    expect(kept).toEqual([]);
    expect(outcome("a=1; Domain=co.uk.", "https://x.co.uk/")).toBe("domain");
    // An exception of the list.
    expect(
      outcome("a=1; Domain=city.kobe.jp", "https://x.city.kobe.jp/", "https://city.kobe.jp/"),
    ).toEqual(["a=1"]);
  });

  it("may be such a one if it is the host, and then is meant alone", () => {
    const alone = (host: string): unknown =>
      outcome(`a=1; Domain=${host}`, `https://${host}/`, `https://${host}/`, `https://x.${host}/`);
    expect(["github.io", "localhost", "intranet", "co.uk"].flatMap(alone)).toEqual([
      "a=1",
      null,
      "a=1",
      null,
      "a=1",
      null,
      "a=1",
      null,
    ]);
  });

  it("never makes addresses match in part", () => {
    const lines = ["a=1", "a=1; Domain=127.0.0.1"];
    const addresses = ["http://127.0.0.1/", "http://127.0.0.2/", "http://0.0.0.1/"];
    expect(outcomes(lines, "http://127.0.0.1/", ...addresses)).toEqual(
      all(lines, ["a=1", null, null]),
    );
    const parts = ["0.1", ".0.0.1", "1", "127.1", "127.0.0.2", "2130706433"].map(
      (domain) => `a=1; Domain=${domain}`,
    );
    expect(outcomes(parts, "http://127.0.0.1/")).toEqual(all(parts, "domain"));
    const v6 = ["a=1", "a=1; Domain=[::1]"];
    const others = ["http://[0:0:0:0:0:0:0:1]:8080/", "http://[::2]/"];
    expect(outcomes(v6, "http://[::1]/", ...others)).toEqual(all(v6, ["a=1", null]));
  });

  it("is compared in A-labels and lower case; other characters are refused", () => {
    expect(
      outcome(
        "a=1; Domain=XN--bcher-KVA.example",
        "https://www.bücher.example/",
        "https://BÜCHER.example/",
      ),
    ).toEqual(["a=1"]);
    const lines = ["a=1; Domain=b\u00fccher.example", "a=1; Domain=b\u00c3\u00bccher.example"];
    expect(outcomes(lines, "https://bücher.example/")).toEqual(all(lines, "domain"));
  });

  it("tells a host with a trailing dot from the one without", () => {
    const both = ["https://a.test./", "https://a.test/"];
    expect(outcome("a=1", "https://a.test./", ...both)).toEqual(["a=1", null]);
    expect(outcome("a=1", "https://a.test/", ...both)).toEqual([null, "a=1"]);
    expect(outcome("a=1; Domain=a.test.", "https://x.a.test./", ...both)).toEqual(["a=1", null]);
    expect(outcome("a=1; Domain=a.test", "https://x.a.test./")).toBe("domain");
  });

  it("does not know of ports", () => {
    const ports = ["https://a.test/", "https://a.test:1/"];
    expect(outcome("a=1", "https://a.test:8443/", ...ports)).toEqual(["a=1", "a=1"]);
  });

  it("is found from the longest names", () => {
    const host = `${"a.".repeat(100)}test`;
    const hosts = [`https://${host}/`, "https://b.a.test/"];
    expect(outcome("a=1; Domain=a.test", `https://${host}/`, ...hosts)).toEqual(["a=1", "a=1"]);
  });

  it("keeps cookies for one host and for all beneath it apart, though they share a name", () => {
    const jar = cookieJar();
    void answer(jar, "https://a.test/", "a=host", "a=all; Domain=a.test");
    expect(sent(jar, "https://a.test/")).toBe("a=host; a=all");
    expect(sent(jar, "https://x.a.test/")).toBe("a=all");
  });
});

describe("the path of a cookie", () => {
  const at = (...paths: string[]): string[] => paths.map((path) => `https://a.test${path}`);

  it("covers itself and what is in it, as it is written", () => {
    expect(
      outcome("a=1; Path=/foo", "https://a.test/", ...at("/foo", "/foo/", "/foo/x?y", "/foo?x")),
    ).toEqual(["a=1", "a=1", "a=1", "a=1"]);
    const others = at("/", "/foobar", "/FOO", "/%66oo", "/x/foo", "/fo");
    expect(outcome("a=1; Path=/foo", "https://a.test/", ...others)).toEqual(Array(6).fill(null));
    const folder = at("/foo", "/foo/", "/foo/x");
    expect(outcome("a=1; Path=/foo/", "https://a.test/", ...folder)).toEqual([null, "a=1", "a=1"]);
    const root = at("", "/", "/?q", "?q");
    expect(outcome("a=1; Path=/", "https://a.test/d/e", ...root)).toEqual(Array(4).fill("a=1"));
  });

  it("with a tab in it covers nothing that a URL can name", () => {
    const paths = at("/fo", "/fo%09o", "/foo");
    expect(outcome("a=1; Path=/fo\to", "https://a.test/", ...paths)).toEqual(Array(3).fill(null));
  });

  it("is the folder of the request where there is none, or no absolute one", () => {
    const lines = ["a=1", "a=1; Path", "a=1; Path=", "a=1; Path=x", "a=1; Path=/other; Path=x"];
    expect(outcomes(lines, "https://a.test/x/y?z=/w/", ...at("/x", "/x/z", "/y", "/"))).toEqual(
      all(lines, ["a=1", "a=1", null, null]),
    );
    expect(outcome("a=1", "https://a.test/x", "https://a.test/")).toEqual(["a=1"]);
  });

  it("need not cover the request that set it", () => {
    expect(outcome("a=1; Path=/x", "https://a.test/y", ...at("/x", "/y"))).toEqual(["a=1", null]);
  });
});
