import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { basic, bearer, digest, tokenRefresh } from "../src/index.ts";
import { authenticated, authorizations, statusOf } from "./support/auth.ts";
import { failure } from "./support/session.ts";

describe("basic", () => {
  it.each([
    // RFC 7617 §2 and §2.1
    ["Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
    ["test", "123\xa3", "dGVzdDoxMjPCow=="],
    ["", "", "Og=="],
    ["user", "", "dXNlcjo="],
    ["user", "a:b:c", "dXNlcjphOmI6Yw=="],
    ["j\u0061\u0308n", "\u{1f511}", Buffer.from("j\xe4n:\u{1f511}").toString("base64")],
  ])("says user %j and password %j at once", async (user, password, value) => {
    const { session, transport } = authenticated(basic(user, password), {});
    expect(await statusOf(session)).toBe(200);
    expect(authorizations(transport)).toEqual([`Basic ${value}`]);
  });

  it("takes passwords of any length", () => {
    const long = "\xe9".repeat(200_000);
    expect(basic("u", long).authorize({} as never)).toBe(
      `Basic ${Buffer.from(`u:${long}`).toString("base64")}`,
    );
  });

  it("leaves a 401 to the caller", async () => {
    const { session, transport } = authenticated(basic("a", "b"), { status: 401 });
    expect(await statusOf(session)).toBe(401);
    expect(transport.arrivals).toHaveLength(1);
  });

  it.each([
    ["a colon in the user", "a:b", "c", /colon.*Use another name/],
    ["a line break in the user", "a\n", "c", /user name holds a control character/],
    ["DEL in the password", "a", "b\x7f", /password holds a control character/],
    ["a user that is no text", 7 as never, "b", /user name is 7/],
    ["a password that is no text", "a", undefined as never, /password is undefined/],
  ])("refuses %s, without showing it", async (_what, user, password, message) => {
    const error = await failure(() => basic(user, password));
    expect([error.name, error.code]).toEqual(["InvalidRequestError", "ERR_INVALID_OPTION"]);
    expect(error.message).toMatch(message);
  });
});

describe("bearer", () => {
  it("says the token with each request", async () => {
    const { session, transport } = authenticated(bearer("mF_9.B5f-4.1JqM=="), {});
    await statusOf(session);
    expect(authorizations(transport)).toEqual(["Bearer mF_9.B5f-4.1JqM=="]);
  });

  it("asks a function each time, with or without a promise", async () => {
    let count = 0;
    const { session, transport } = authenticated(
      bearer(() => `t${++count}`),
      {},
    );
    await statusOf(session);
    await statusOf(session);
    expect(authorizations(transport)).toEqual(["Bearer t1", "Bearer t2"]);
    const later = authenticated(
      bearer(() => Promise.resolve("p")),
      {},
    );
    await statusOf(later.session);
    expect(authorizations(later.transport)).toEqual(["Bearer p"]);
  });

  it("leaves a 401 to the caller", async () => {
    const { session, transport } = authenticated(bearer("a"), { status: 401 });
    expect(await statusOf(session)).toBe(401);
    expect(transport.arrivals).toHaveLength(1);
  });

  it.each(["", "a b", "Bearer a", "a\n", "a\r\nx: y", "a=b", "\xe9", 7 as never, null as never])(
    "refuses %j, which is no token, without showing it",
    async (token) => {
      const error = await failure(() => bearer(token));
      expect(error.code).toBe("ERR_INVALID_OPTION");
      if (typeof token === "string" && token.length > 1) expect(error.message).not.toContain(token);
      for (const given of [() => token, () => Promise.resolve(token)]) {
        const { session, transport } = authenticated(bearer(given), {});
        expect((await failure(session.get("/"))).code).toBe("ERR_INVALID_OPTION");
        expect(transport.arrivals).toHaveLength(0);
      }
    },
  );

  it("takes long tokens, and refuses long texts that are none, in linear time", async () => {
    expect(bearer("a".repeat(1_000_000)).name).toBe("bearer");
    for (const part of ["=", "a", "a="]) await failure(() => bearer(`${part.repeat(500_000)} `));
  });
});

describe("credentials of every kind", () => {
  const refresh = (): string => "secret";
  const kinds = [
    basic("user", "secret", { origin: "https://A.test" }),
    bearer("secret", { origin: new URL("https://a.test:443/") }),
    digest("user", "secret", { origin: "https://a.test/" }),
    tokenRefresh({ token: "secret", refresh, origin: "https://a.test" }),
  ];

  it("have a name, and the origin that they are for", () => {
    expect(kinds.map(({ name }) => name)).toEqual(["basic", "bearer", "digest", "tokenRefresh"]);
    expect(new Set(kinds.map(({ origin }) => origin))).toEqual(new Set(["https://a.test"]));
    expect(basic("a", "b").origin).toBeNull();
  });

  it("show no secret, however they are printed", () => {
    const coded = basic("user", "secret").authorize({} as never) as string;
    for (const auth of kinds) {
      for (const text of [
        inspect(auth, { depth: 9, showHidden: true }),
        JSON.stringify(auth),
        format("%s %o", auth, auth),
      ]) {
        expect(text).not.toContain("secret");
        expect(text).not.toContain(coded.slice(6));
      }
    }
  });

  it.each([
    ["a path", "https://a.test/x"],
    ["a query", "https://a.test?x"],
    ["another scheme", "ftp://a.test"],
    ["credentials", "https://u:p@a.test"],
    ["no scheme", "a.test"],
    ["no text", 7 as never],
  ])("refuse an origin with %s", async (_what, origin) => {
    const error = await failure(() => basic("a", "b", { origin }));
    expect(error.name).toBe("InvalidRequestError");
  });

  it("refuse what is no option, and what are no options", async () => {
    for (const make of [
      () => basic("a", "b", { orign: "x" } as never),
      () => bearer("a", null as never),
      () => tokenRefresh({ refresh, tokn: "a" } as never),
    ])
      expect((await failure(make)).code).toBe("ERR_INVALID_OPTION");
  });
});
