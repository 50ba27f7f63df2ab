import { describe, expect, it } from "vitest";
import type { Auth, CookieJar, Middleware, RequestOptions } from "../src/index.ts";
import { failure, sessionOf } from "./support/session.ts";

describe("cookies of a call", () => {
  it.each([null, "a=b", 1, true, () => 1, [["a", "b"]], new Map([["a", "b"]])])(
    "are a record, and nothing is sent for %j",
    async (cookies) => {
      const { session, transport } = sessionOf();
      const error = await failure(session.get("", { cookies } as unknown as RequestOptions));
      expect(error.message).toMatch(/the option cookies is .*Pass a record of names and values/);
      expect(transport.requests).toEqual([]);
    },
  );

  it.each([null, 1, {}])("have text for values: %j", async (value) => {
    const { session } = sessionOf();
    const options = { cookies: { a: value } } as unknown as RequestOptions;
    expect(await failure(session.get("", options))).toMatchObject({ code: "ERR_INVALID_OPTION" });
  });
});

describe("middleware", () => {
  const handle: Middleware = (request, next) => next(request);

  it.each([
    { handle, scop: "attempt" },
    { handle, name: 5 },
  ])("is refused with what it does not have: case %#", async (step) => {
    const { session } = sessionOf();
    const middleware = [step as unknown as Middleware];
    expect((await failure(() => session.extend({ middleware }))).message).toMatch(
      /the option middleware is .*Pass an array of functions/,
    );
  });

  it.each(["call", "attempt"] as const)("returns a response, around a %s", async (scope) => {
    const step = { name: "careless", scope, handle: () => Promise.resolve(1 as never) };
    const { session } = sessionOf({}, { middleware: [step], throwHttpErrors: false });
    for (const call of [session.get("").text(), session.get("")]) {
      const error = await failure(call);
      expect(error.message).toMatch(/the middleware careless returned no response/);
      expect(error.code).toBe("ERR_MIDDLEWARE");
    }
  });
});

it("an Auth and a jar have all their members", async () => {
  const { session } = sessionOf();
  const auth = { name: "a", origin: null, authorize: () => null } as unknown as Auth;
  expect((await failure(() => session.extend({ auth }))).message).toMatch(/Pass basic/);
  const cookies = { cookiesFor: () => null } as unknown as CookieJar;
  expect((await failure(() => session.extend({ cookies }))).message).toMatch(/Pass a cookieJar/);
});

it("a StatusError tells the attempts before it", async () => {
  const { session } = sessionOf([{ status: 503 }, { status: 503 }], {
    retry: { attempts: 2, backoff: () => 0 },
  });
  const error = await failure(session.get(""));
  expect(error).toMatchObject({ name: "StatusError", attempt: 2 });
  expect(error.attempts).toMatchObject([{ status: 503, error: null }]);
});
