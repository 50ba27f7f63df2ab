import { describe, expect, it } from "vitest";
import { Session } from "../src/index.ts";
import { scripted } from "./support/scripted-transport.ts";
import { failure, sessionOf } from "./support/session.ts";

/** What arrives of a URL, resolved against a base. */
async function target(
  url: string | URL,
  baseUrl?: string | URL,
): Promise<ReturnType<typeof scripted>["last"]["request"]["target"]> {
  const transport = scripted();
  await new Session({ transport, baseUrl }).get(url);
  return transport.last.request.target;
}

describe("URLs", () => {
  it.each([
    ["http://a.test/v1", "items/7", "http://a.test/v1/items/7"],
    ["http://a.test/v1/", "items/7", "http://a.test/v1/items/7"],
    ["http://a.test/v1", "/items", "http://a.test/items"],
    ["http://a.test/v1", "../items", "http://a.test/items"],
    ["http://a.test/v1", "?a=1", "http://a.test/v1/?a=1"],
    ["http://a.test/v1", "", "http://a.test/v1/"],
    ["http://a.test", "items", "http://a.test/items"],
    ["http://a.test/v1", "http://a.test/x", "http://a.test/x"],
    ["http://a.test/v1", "//a.test/x", "http://a.test/x"],
    ["http://a.test/v1", "a\0b?c\0d", "http://a.test/v1/a%00b?c%00d"],
    ["http://a.test/v1", "\0 a b\0 \0", "http://a.test/v1/a%20b"],
    ["http://a.test/v1", "ht\0tp://b.test", "http://a.test/v1/ht%00tp://b.test"],
  ])("against the base %s: %s leads to %s", async (base, url, href) => {
    expect((await target(url, base)).href).toBe(href);
    expect((await target(url, new URL(base))).href).toBe(href);
  });

  it("are split once, for every transport", async () => {
    expect(await target("HTTPS://Bücher.test:8443/a/../b%20ü?q=a b#top")).toEqual({
      fragment: "#top",
      href: "https://xn--bcher-kva.test:8443/b%20%C3%BC?q=a%20b",
      protocol: "https:",
      origin: "https://xn--bcher-kva.test:8443",
      host: "xn--bcher-kva.test:8443",
      hostname: "xn--bcher-kva.test",
      port: 8443,
      path: "/b%20%C3%BC?q=a%20b",
    });
    expect(await target(new URL("http://[::1]:80/#"))).toMatchObject({
      href: "http://[::1]/",
      host: "[::1]",
      hostname: "::1",
      port: 80,
      origin: "http://[::1]",
    });
    expect(await target("https://a.test")).toMatchObject({ port: 443, host: "a.test", path: "/" });
  });

  it.each([
    "ftp://a.test/",
    "file:///etc/passwd",
    "data:,x",
    "javascript:alert(1)",
    "ws://a.test/",
  ])("refuse the scheme of %s", async (url) => {
    const error = await failure(new Session({ transport: scripted() }).get(url));
    expect(error).toMatchObject({
      name: "InvalidRequestError",
      code: "ERR_INVALID_URL",
      requestSent: "no",
    });
    expect(error.message).toMatch(/is not http or https .*Use an http or https URL\.$/);
  });

  it.each(["http://user:hunter2@a.test/", "http://user@a.test/", "http://:hunter2@a.test/"])(
    "refuse the credentials of %s and do not show them",
    async (url) => {
      const error = await failure(new Session({ transport: scripted() }).get(url));
      expect(error.message).toContain("Pass them as auth: basic(user, password).");
      expect(JSON.stringify(error)).not.toMatch(/hunter2|user@/);
      expect(
        await failure(() => new Session({ transport: scripted(), baseUrl: url })),
      ).toMatchObject({ code: "ERR_INVALID_URL" });
    },
  );

  it.each(["items", "", "//a.test", "http://", "http://a.test:99999/", "http://a b.test/"])(
    "that are not valid without a base are refused: %j",
    async (url) => {
      const error = await failure(new Session({ transport: scripted() }).get(url));
      expect(error.code).toBe("ERR_INVALID_URL");
      expect(error.message).toMatch(/is not valid .*to a session with `baseUrl`\.$/);
    },
  );

  it.each(["api.example.com", "/v1/", "", "http://"])("cannot be a base: %j", async (baseUrl) => {
    const error = await failure(() => new Session({ transport: scripted(), baseUrl }));
    expect(error.code).toBe("ERR_INVALID_URL");
    expect(error.message).toMatch(/is no baseUrl .*Pass an absolute URL, such as/);
  });

  it.each([1, null, undefined, {}, [], Symbol("url"), Object.create(null)])(
    "that are neither text nor URL are refused: case %#",
    async (url) => {
      const { session, transport } = sessionOf();
      expect(await failure(session.get(url as string))).toMatchObject({
        name: "InvalidRequestError",
        requestSent: "no",
      });
      expect(transport.requests).toEqual([]);
    },
  );

  it.each([["http://a.test/?a=1"], ["http://a.test/#top"], ["ftp://a.test/"], ["nowhere"], [1]])(
    "refuse the base %s",
    async (baseUrl) => {
      expect(
        await failure(() => new Session({ transport: scripted(), baseUrl: baseUrl as string })),
      ).toMatchObject({ code: "ERR_INVALID_URL" });
    },
  );

  it("do not leave the origin of the base unless allowed", async () => {
    const { session, transport } = sessionOf();
    for (const url of [
      "http://other.test/",
      "https://origin.test/",
      "http://origin.test:81/",
      "//other.test/",
      "\\\\other.test\\",
    ]) {
      const error = await failure(session.get(url));
      expect(error.message).toMatch(
        /leads from baseUrl http:\/\/origin.test to another origin .*Set allowOtherOrigins/,
      );
    }
    expect(transport.requests).toEqual([]);
  });

  it("take nothing that belongs to the base to another origin", async () => {
    const { session, transport } = sessionOf(
      {},
      {
        allowOtherOrigins: true,
        headers: {
          authorization: "Bearer base",
          cookie: "a=1",
          "x-api-key": "base",
          "accept-language": "de",
          "user-agent": "test",
        },
        params: { key: "base" },
      },
    );
    const safe = { accept: "*/*", "accept-language": "de", "user-agent": "test" };
    await session.get("http://other.test/x");
    expect(transport.last).toMatchObject({ path: "/x", fields: safe });
    expect(Object.keys(transport.last.fields)).toHaveLength(3);
    await session.get("http://other.test/x", { headers: { "x-own": "call" }, params: { own: 1 } });
    expect(transport.last.fields).toEqual({ ...safe, "x-own": "call" });
    expect(transport.last.path).toBe("/x?own=1");
    await session.get("x");
    expect(transport.last).toMatchObject({
      path: "/x?key=base",
      fields: { authorization: "Bearer base", cookie: "a=1", "x-api-key": "base" },
    });
  });

  it("are found again by a session that has resolved very many", async () => {
    const { session, transport } = sessionOf();
    for (let i = 0; i < 600; i++) await session.get(`items/${i}`);
    await session.get("items/0");
    expect(transport.last.url).toBe("http://origin.test/items/0");
  });
});

describe("params", () => {
  it.each([
    ["x", "/x?a=1"],
    ["x?", "/x?a=1"],
    ["x?b=2", "/x?b=2&a=1"],
    ["x?b=2&", "/x?b=2&a=1"],
    ["x?a=0", "/x?a=0&a=1"],
    ["x#top", "/x?a=1"],
    ["x?q=a+b%20c%2C;(d)'~%7e|", "/x?q=a+b%20c%2C;(d)%27~%7e|&a=1"],
  ])("are added to %s as %s, its own query untouched", async (url, path) => {
    const { session, transport } = sessionOf();
    await session.get(url, { params: { a: 1 } });
    expect(transport.last).toMatchObject({ path, url: `http://origin.test${path}` });
  });

  it("of every kind are encoded as forms are", async () => {
    const { session, transport } = sessionOf();
    const path = "?a=1&a=2&b=c+d&e=%26%3D%C3%A4&f=true&g=9007199254740993&h=";
    const values = {
      a: [1, "2"],
      b: "c d",
      e: "&=ä",
      f: true,
      g: 9007199254740993n,
      h: "",
      none: null,
      no: undefined,
    };
    await session.get("", { params: values });
    expect(transport.last.path).toBe(`/${path}`);
    await session.get("", {
      params: [
        ["a", 1],
        ["a", "2"],
        ["b", "c d"],
        ["e", "&=ä"],
        ["f", true],
        ["g", 9007199254740993n],
        ["h", ""],
        ["none", null],
      ],
    });
    expect(transport.last.path).toBe(`/${path}`);
    await session.get("", { params: new URLSearchParams(path) });
    expect(transport.last.path).toBe(`/${path}`);
  });

  it("that are empty change nothing", async () => {
    const { session, transport } = sessionOf();
    for (const params of [{}, [], new URLSearchParams(), { a: null }, { a: [] }]) {
      await session.get("x", { params });
      expect(transport.last.url).toBe("http://origin.test/x");
    }
  });

  it("may be named __proto__", async () => {
    const { session, transport } = sessionOf();
    await session.get("", { params: JSON.parse('{"__proto__":"1"}') as Record<string, string> });
    expect(transport.last.path).toBe("/?__proto__=1");
  });

  it("leave path and href in agreement about a lone question mark", async () => {
    const { href, path } = await target("http://a.test/x?");
    expect(href).toBe(`http://a.test${path}`);
  });
});
