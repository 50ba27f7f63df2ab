import { describe, expect, it } from "vitest";
import { httpError, RedirectError, Session } from "../src/index.ts";
import { type Answer, type Arrival, scripted } from "./support/scripted-transport.ts";
import { failure, sessionOf } from "./support/session.ts";

const to = (location: string, status = 302, more: Answer = {}): Answer => ({
  status,
  headers: { location },
  ...more,
});

const statuses = [300, 301, 302, 303, 304, 305, 306, 307, 308, 399];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"];
const table = statuses.flatMap((status) =>
  methods.map((method) => {
    if (![301, 302, 303, 307, 308].includes(status)) return [status, method, null] as const;
    if (status === 303 && method !== "HEAD") return [status, method, "GET"] as const;
    return [
      status,
      method,
      (status === 301 || status === 302) && method === "POST" ? "GET" : method,
    ] as const;
  }),
);

describe("a redirect", () => {
  it.each(table)("of status %i turns %s into %s", async (status, method, then) => {
    const { session, transport } = sessionOf([to("/b", status), { content: "done" }]);
    const content =
      method === "GET" || method === "HEAD"
        ? {}
        : { body: "abc", headers: { "content-language": "de", "x-own": "1" } };
    const response = await session.request(method, "a", content);
    if (then === null) {
      expect([response.status, response.redirected, transport.arrivals.length]).toEqual([
        status,
        false,
        1,
      ]);
      return;
    }
    const keeps = then === method && method !== "GET" && method !== "HEAD";
    expect(transport.last).toMatchObject({ method: then, path: "/b", text: keeps ? "abc" : null });
    expect("content-type" in transport.last.fields).toBe(keeps);
    expect("content-language" in transport.last.fields).toBe(keeps);
    if (method !== "GET" && method !== "HEAD") expect(transport.last.fields["x-own"]).toBe("1");
    expect(response).toMatchObject({ status: 200, redirected: true, url: "http://origin.test/b" });
  });

  it("is resolved against what was asked, wherever middleware has sent it", async () => {
    const { session, transport } = sessionOf([to("c"), {}], {
      middleware: [
        {
          scope: "attempt",
          handle: (request, next) =>
            next(
              request.url.endsWith("/a") ? request.with({ url: "http://other.test/x/b" }) : request,
            ),
        },
      ],
    });
    await session.get("a", { headers: { "x-own": "1" } });
    expect(transport.last.url).toBe("http://other.test/x/c");
    expect(transport.last.fields["x-own"]).toBe("1");
  });

  it.each([
    ["a#top", "b", "#top"],
    ["a#top", "b#end", "#end"],
    ["a", "b#end", "#end"],
    ["a", "b", ""],
    ["a#top", "http://other.test/b", "#top"],
  ])("from %s to %s has the fragment %s", async (url, location, fragment) => {
    const { session, transport } = sessionOf([to(location), {}]);
    const response = await session.get(url);
    expect(response.fragment).toBe(fragment);
    expect(transport.arrivals.every((arrival) => !arrival.url.includes("#"))).toBe(true);
  });

  it("is kept in the history, oldest first", async () => {
    const { session } = sessionOf([to("/b", 301), to("c?d", 307), {}]);
    const response = await session.get("a#top");
    expect(
      response.history.map(({ status, url, headers }) => [status, url, headers.get("location")]),
    ).toEqual([
      [301, "http://origin.test/a", "/b"],
      [307, "http://origin.test/b", "c?d"],
    ]);
    expect(response.url).toBe("http://origin.test/c?d");
  });

  it("without a location is a response like any other", async () => {
    const { session } = sessionOf({ status: 302, content: "where?" });
    expect(await session.get("a").text()).toBe("where?");
  });

  it("is not followed with redirect: false, and its content can be read", async () => {
    const { session, transport } = sessionOf(to("/b", 302, { content: "see b" }));
    for (const redirect of [false, { follow: false }]) {
      expect(await session.get("a", { redirect }).text()).toBe("see b");
    }
    expect(transport.arrivals.map((one) => one.path)).toEqual(["/a", "/a"]);
  });

  it("may come ten times, and not eleven", async () => {
    const count = ({ path }: Arrival): Answer =>
      path === "/0" ? {} : to(`/${Number(path.slice(1)) - 1}`);
    const { session, transport } = sessionOf(count);
    expect((await session.get("10")).history).toHaveLength(10);
    const error = await failure(session.get("11"));
    expect(error).toBeInstanceOf(RedirectError);
    expect(error).toMatchObject({
      code: "ERR_REDIRECT_LIMIT",
      phase: "redirect",
      response: { status: 302 },
      request: { url: "http://origin.test/1" },
    });
    expect(error.message).toContain("more than 10 redirects");
    expect(transport.requests).toHaveLength(22);
    expect(session.stats.active).toBe(0);
    expect(await failure(session.get("1", { redirect: { max: 0 } }))).toMatchObject({
      code: "ERR_REDIRECT_LIMIT",
    });
    expect((await session.get("3", { redirect: { max: 3 } })).history).toHaveLength(3);
  });

  it.each([
    ["/x", "http://origin.test/x"],
    ["x", "http://origin.test/a/x"],
    ["?q", "http://origin.test/a/b?q"],
    ["//other.test/x", "http://other.test/x"],
    ["http://other.test#top", "http://other.test/"],
    ["/\u00c3\u00a9", "http://origin.test/%C3%A9"],
    ["/a b", "http://origin.test/a%20b"],
    ["http://user:pass@origin.test/x", "http://origin.test/x"],
    ["", "http://origin.test/a/b"],
    ["#top", "http://origin.test/a/b"],
  ])("to %j leads to %s", async (location, url) => {
    const { session, transport } = sessionOf([to(location), {}]);
    await session.get("a/b");
    expect(transport.last.url).toBe(url);
    expect(transport.last.lines.join()).not.toContain("pass");
  });

  it.each([
    ["http://[", "ERR_REDIRECT_LOCATION"],
    ["http://a.test:99999/", "ERR_REDIRECT_LOCATION"],
    ["ftp://a.test/", "ERR_REDIRECT_REFUSED"],
    ["file:///etc/passwd", "ERR_REDIRECT_REFUSED"],
    ["javascript:alert(1)", "ERR_REDIRECT_REFUSED"],
    ["data:text/plain,x", "ERR_REDIRECT_REFUSED"],
  ])("to %s is refused with %s", async (location, code) => {
    const { session, transport } = sessionOf(to(location, 302, { content: "abc" }));
    const error = await failure(session.get("a"));
    expect(error).toMatchObject({
      name: "RedirectError",
      code,
      requestSent: "yes",
      retryable: false,
      response: { status: 302 },
    });
    expect([transport.requests.length, session.stats.active]).toEqual([1, 0]);
  });

  it("from https to http is refused unless allowed", async () => {
    const transport = scripted(({ url }) => (url.startsWith("https") ? to("http://a.test/x") : {}));
    const session = new Session({ transport });
    expect(await failure(session.get("https://a.test/"))).toMatchObject({
      code: "ERR_REDIRECT_REFUSED",
    });
    expect(transport.requests).toHaveLength(1);
    const response = await session.get("https://a.test/", { redirect: { allowDowngrade: true } });
    expect(response.url).toBe("http://a.test/x");
  });

  it.each([
    ["another host", "http://other.test/x"],
    ["another port", "http://origin.test:81/x"],
    ["another scheme", "https://origin.test/x"],
    ["a subdomain", "http://sub.origin.test/x"],
  ])("to %s takes only what says what is wanted, never who wants it", async (_where, location) => {
    const { session, transport } = sessionOf([to(location), to("/y"), {}]);
    const secrets = {
      authorization: "Bearer a",
      cookie: "b=c",
      "proxy-authorization": "d",
      "x-api-key": "e",
      referer: "f",
      host: "origin.test",
      origin: "g",
    };
    const safe = {
      accept: "text/plain",
      "accept-language": "de",
      range: "bytes=0-",
      "if-none-match": '"x"',
      "user-agent": "test",
    };
    await session.get("a", { headers: { ...secrets, ...safe } });
    expect(transport.arrivals[0]?.fields).toMatchObject(secrets);
    expect(transport.arrivals[1]?.fields).toEqual(safe);
    expect(transport.arrivals[2]?.fields).toEqual(safe);
  });

  it("to another origin takes the fields that `forward` names, in their place, and no others", async () => {
    const { session, transport } = sessionOf([to("http://other.test/x"), {}]);
    const headers = [
      ["X-One", "1"],
      ["accept", "text/plain"],
      ["x-two", "2"],
      ["Authorization", "Bearer a"],
      ["X-ONE", "3"],
    ] as const;
    const redirect = { forward: ["x-one", "AUTHORIZATION", "accept"] };
    await session.get("a", { headers, redirect });
    expect(transport.last.lines.slice(-8)).toEqual([
      ...["X-One", "1"],
      ...["accept", "text/plain"],
      ...["Authorization", "Bearer a"],
      ...["X-ONE", "3"],
    ]);
  });

  it.each([
    ["lines that differ", ["/b", "/c"]],
    ["lines that somebody joined", ["/b, /c"]],
    ["joined lines, an absolute one behind a relative one", ["b, https://other.test/"]],
    ["three of which two are alike", ["/b", "/b", "/c"]],
  ])("with several locations (%s) is refused", async (_name, locations) => {
    const headers = locations.flatMap((one) => ["location", one]);
    const { session, transport } = sessionOf([{ status: 302, headers }, {}]);
    const error = await failure(session.get("a"));
    expect(error).toMatchObject({ code: "ERR_REDIRECT_LOCATION", response: { status: 302 } });
    expect(error.message).toContain("the redirect has several locations");
    expect(transport.requests).toHaveLength(1);
  });

  it.each([
    ["lines alike", ["/b", "/b"], "/b"],
    ["lines alike that somebody joined", ["/b, /b"], "/b"],
    ["a comma", ["/b,/c"], "/b,/c"],
    ["a comma and a space in a query", ["/b?q=Smith, John"], "/b?q=Smith,%20John"],
  ])("with one location (%s) is followed", async (_name, locations, path) => {
    const headers = locations.flatMap((one) => ["location", one]);
    const { session, transport } = sessionOf([{ status: 302, headers }, {}]);
    await session.get("a");
    expect(transport.last.path).toBe(path);
  });

  it("that comes back takes no credentials that were left behind", async () => {
    const { session, transport } = sessionOf([
      to("http://other.test/x"),
      to("http://origin.test/y"),
      {},
    ]);
    await session.get("a", { headers: { authorization: "Bearer a" } });
    expect(transport.last).toMatchObject({ url: "http://origin.test/y" });
    expect(transport.last.fields).not.toHaveProperty("authorization");
  });

  it("within the origin keeps all fields", async () => {
    const { session, transport } = sessionOf([to("/b"), {}]);
    await session.get("a", { headers: { authorization: "Bearer a", "x-own": "1" } });
    expect(transport.last.fields).toMatchObject({ authorization: "Bearer a", "x-own": "1" });
  });

  it("does not bring the params of the call along", async () => {
    const { session, transport } = sessionOf([to("/b?c=2"), {}]);
    await session.get("a", { params: { a: 1 } });
    expect(transport.arrivals.map((one) => one.path)).toEqual(["/a?a=1", "/b?c=2"]);
  });

  it.each([307, 308])("of status %i never sends one-shot content again", async (status) => {
    async function* body(): AsyncGenerator<string> {
      await Promise.resolve();
      yield "abc";
    }
    const { session, transport } = sessionOf([to("/b", status), {}]);
    const error = await failure(session.post("a", { body: body() }));
    expect(error).toMatchObject({ code: "ERR_REDIRECT_REPLAY", response: { status } });
    expect(error.message).toMatch(/sent only once .*as a function that makes it anew/);
    expect([transport.requests.length, session.stats.active]).toEqual([1, 0]);
    const again = sessionOf([to("/b", status), {}]);
    await again.session.post("a", { body: () => body() });
    expect(again.transport.arrivals.map((one) => one.text)).toEqual(["abc", "abc"]);
  });

  it("of status 303 leaves one-shot content behind", async () => {
    const { session, transport } = sessionOf([to("/b", 303), {}]);
    await session.post("a", { body: new Blob(["abc"]).stream() });
    expect(transport.last).toMatchObject({ method: "GET", content: null });
  });

  it("waits for its slot like any other exchange", async () => {
    const { session, transport } = sessionOf([to("/b", 302, { content: "abc" }), {}], {
      limits: { concurrency: 1 },
    });
    await session.get("a");
    expect(transport.mostPending).toBe(1);
    await session.close();
  });

  it("whose exchange fails names the request that failed", async () => {
    const { session } = sessionOf([to("/b"), { error: httpError("ERR_CONNECT_REFUSED") }]);
    expect(await failure(session.get("a"))).toMatchObject({
      code: "ERR_CONNECT_REFUSED",
      request: { url: "http://origin.test/b" },
    });
  });
});
