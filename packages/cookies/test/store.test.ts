import { describe, expect, it } from "vitest";
import { type Cookie, cookieJar, type CookieStore } from "../src/index.ts";
import { answer, sent } from "./support/exchange.ts";

const url = "https://a.test/";

/** A store as a server far away would be: answers later, and keeps text. */
class RemoteStore implements CookieStore {
  readonly sitesKept = new Map<string, Map<string, string>>();
  readonly log: string[] = [];

  async read(site: string): Promise<Cookie[]> {
    this.log.push(`read ${site}`);
    await Promise.resolve();
    return [...(this.sitesKept.get(site)?.values() ?? [])].map(
      (text) => JSON.parse(text) as Cookie,
    );
  }

  async write(site: string, changes: ReadonlyMap<string, Cookie | null>): Promise<void> {
    this.log.push(`write ${site} ${changes.size}`);
    await Promise.resolve();
    const kept = this.sitesKept.get(site) ?? new Map<string, string>();
    for (const [id, cookie] of changes) {
      if (cookie) kept.set(id, JSON.stringify(cookie));
      else kept.delete(id);
    }
    if (kept.size > 0) this.sitesKept.set(site, kept);
    else this.sitesKept.delete(site);
  }

  sites(): Promise<string[]> {
    return Promise.resolve([...this.sitesKept.keys()]);
  }
}

describe("a store", () => {
  it("is shared by jars, with the rules of a jar in memory", async () => {
    const store = new RemoteStore();
    const [one, other] = [cookieJar({ store }), cookieJar({ store })];
    await answer(
      one,
      url,
      "a=1",
      "b=2; Domain=a.test; Secure",
      "c=3; Path=/x",
      "d=4; Domain=b.test",
    );
    expect(await sent(other, `${url}x`)).toBe("c=3; a=1; b=2");
    expect(await sent(other, "https://x.a.test/")).toBe("b=2");
    await answer(other, "http://a.test/", "b=5; Path=/", "a=6");
    expect(await sent(one, url)).toBe("a=6; b=2");
    expect((await one.get("a", url))?.value).toBe("6");
    await other.delete("b");
    await one.set("e=7", url);
    expect((await other.all()).map(({ name }) => name)).toEqual(["a", "c", "e"]);
    expect(await other.clear({ domain: "a.test" })).toBe(3);
    expect(store.sitesKept.size).toBe(0);
  });

  it("is asked once for a request and once for a response that sets cookies, by site", async () => {
    const store = new RemoteStore();
    const jar = cookieJar({ store });
    expect(
      jar.cookiesFor({ url: "https://x.a.test/", method: "GET" } as never, url),
    ).toBeInstanceOf(Promise);
    await answer(jar, "https://x.a.test/", "a=1", "b=2; Domain=a.test", "a=3");
    await answer(jar, "https://x.a.test/");
    await answer(jar, url, "c=1; Domain=b.test");
    expect(store.log).toEqual(["read a.test", "read a.test", "write a.test 2", "read a.test"]);
  });

  it("is told of changes one by one, so that jars do not undo each other's", async () => {
    const store = new RemoteStore();
    const [one, other] = [cookieJar({ store }), cookieJar({ store })];
    await Promise.all([answer(one, url, "a=1"), answer(other, url, "b=2")]);
    expect(await sent(one, url)).toMatch(/^(a=1; b=2|b=2; a=1)$/);
  });

  it("has no more for a domain than the limit, the oldest go", async () => {
    const store = new RemoteStore();
    const jar = cookieJar({ store, maxCookiesPerDomain: 3 });
    for (const name of ["a", "b", "c", "d"]) await answer(jar, url, `${name}=1`);
    expect(await sent(jar, url)).toBe("b=1; c=1; d=1");
    expect(store.sitesKept.get("a.test")?.size).toBe(3);
  });

  it("may answer at once, and then so does the jar", () => {
    const kept: Cookie[] = [];
    const store: CookieStore = {
      read: () => kept,
      write: (_, changes) => void kept.push(...[...changes.values()].filter((one) => one !== null)),
      sites: () => ["a.test"],
    };
    const jar = cookieJar({ store });
    expect(sent(jar, url)).toBeNull();
    void answer(jar, url, "a=1");
    expect(sent(jar, url)).toBe("a=1");
  });

  it("that fails, fails the request or the response that needed it", async () => {
    const broken = new Error("down");
    const store: CookieStore = {
      read: () => Promise.reject(broken),
      write: () => Promise.reject(broken),
      sites: () => Promise.reject(broken),
    };
    const jar = cookieJar({ store });
    await expect(sent(jar, url)).rejects.toBe(broken);
    await expect(answer(jar, url, "a=1")).rejects.toBe(broken);
    await expect(jar.all()).rejects.toBe(broken);
    // Without cookies, nobody needs it.
    expect(answer(jar, url)).toBeUndefined();
  });

  it("is where its cookies are: they are not in the JSON of the jar, nor in print", async () => {
    const jar = cookieJar({ store: new RemoteStore() });
    await answer(jar, url, "a=s3cret");
    expect(() => jar.toJSON()).toThrow(/in a store/);
    expect(String(jar)).toBe("CookieJar { in a store }");
  });
});
