import { describe, expect, it } from "vitest";
import {
  type ExtendOptions,
  type RequestOptions,
  Session,
  type SessionOptions,
} from "../src/index.ts";
import { scripted } from "./support/scripted-transport.ts";
import { failure, sessionOf } from "./support/session.ts";

/** Wrong values of options that sessions and calls share: option as it is named, values, what the remedy says. */
const shared: readonly (readonly [option: string, wrong: readonly unknown[], remedy: RegExp])[] = [
  [
    "params",
    ["a=b", 1, null, { a: {} }, { a: [["b"]] }, { a: Symbol("b") }, [["a"]], ["ab"], [[1, "b"]]],
    /Pass a record/,
  ],
  [
    "timeout",
    [0, -1, NaN, "5000", true, null, { soon: 1 }],
    /Pass milliseconds|Known are|Pass \{ total/,
  ],
  ["timeout.total", [0, -1, NaN, "1", true, null].map((total) => ({ total })), /Pass milliseconds/],
  ["timeout.queue", [{ queue: 0 }], /Pass milliseconds/],
  ["timeout.connect", [{ connect: -5 }], /Pass milliseconds/],
  ["timeout.response", [{ response: NaN }], /Pass milliseconds/],
  ["timeout.read", [{ read: "1s" }], /Pass milliseconds/],
  ["redirect", ["follow", 5, null], /Pass true or false|Pass \{ follow/],
  ["redirect.follow", [{ follow: 1 }, { follow: "no" }], /Pass true or false/],
  [
    "redirect.max",
    [{ max: -1 }, { max: 1.5 }, { max: NaN }, { max: "3" }],
    /Pass a whole number of at least 0/,
  ],
  ["redirect.allowDowngrade", [{ allowDowngrade: null }], /Pass true or false/],
  [
    "redirect.forward",
    ["x-a", ["x a"], [5], ["host"], ["x-a", "Host"], null].map((forward) => ({ forward })),
    /Pass an array of header names other than host/,
  ],
  ["redirect.maximum", [{ maximum: 1 }], /Known are follow, max, allowDowngrade/],
  ["retry", [true, 3, null], /Pass \{ attempts, /],
  [
    "retry.attempts",
    [0, -1, 1.5, "3", null, false].map((attempts) => ({ attempts })),
    /Pass a whole number of at least 1, or retry: false/,
  ],
  [
    "retry.statuses",
    [503, [200], ["503"]].map((statuses) => ({ statuses })),
    /Pass an array of statuses from 400 to 599/,
  ],
  [
    "retry.errors",
    ["ERR_NETWORK", [1], ["ECONNREFUSED"]].map((errors) => ({ errors })),
    /Pass an array of codes/,
  ],
  [
    "retry.backoff",
    [0, -1, NaN, "1", false, Infinity].map((backoff) => ({ backoff })),
    /Pass milliseconds above 0, or a function/,
  ],
  ["retry.budget", [true, 1, null].map((budget) => ({ budget })), /Pass \{ capacity, refill \}/],
  [
    "retry.budget.refill",
    [-0.1, 1.1, "1", NaN].map((refill) => ({ budget: { refill } })),
    /Pass a number from 0 to 1/,
  ],
  ["retry.shouldRetry", [true, {}].map((shouldRetry) => ({ shouldRetry })), /Pass a function/],
  ["priority", ["1", NaN, Infinity, null], /Pass a number/],
  ["auth", [true, "secret", {}, null], /Pass basic.*, or false/],
  ["throwHttpErrors", [1, "yes", null], /Pass true or false/],
  ["errorContentLimit", [-1, 0.5, NaN, "1", true, null], /Pass a whole number of at least 0/],
  ["maxResponseSize", [-1, 0.5, NaN, "1", true, null], /Pass a whole number of at least 0/],
  ["decompress", [0, "gzip", null], /Pass true or false/],
  ["context", [1, "a", null, () => 1], /Pass a record/],
];

const base: RequestOptions & ExtendOptions = {};
const nameOf = (option: string): string => option.split(".", 1).join("");

async function expectRefused(
  attempt: () => unknown,
  option: string,
  remedy: RegExp,
): Promise<void> {
  const error = await failure(attempt);
  expect(error).toMatchObject({
    name: "InvalidRequestError",
    code: "ERR_INVALID_OPTION",
    phase: "prepare",
    requestSent: "no",
    retryable: false,
  });
  expect(error.message).toContain(option);
  expect(error.message).toMatch(remedy);
}

describe.each(shared)("the option %s", (option, wrong, remedy) => {
  it.each(wrong.map((value) => [value]))(
    "refuses %j in a call, in a session and in an extended one",
    async (value) => {
      const { session, transport } = sessionOf();
      const options = { ...base, [nameOf(option)]: value } as RequestOptions & ExtendOptions;
      await expectRefused(() => session.get("", options), option, remedy);
      await expectRefused(
        () => new Session({ ...(options as SessionOptions), transport }),
        option,
        remedy,
      );
      await expectRefused(() => session.extend(options), option, remedy);
      expect(transport.requests).toEqual([]);
    },
  );
});

describe("options", () => {
  it("are named with the request that they were given to", async () => {
    const error = await failure(sessionOf().session.post("items?token=abc", { timeout: 0 }));
    expect(error.request).toEqual({
      method: "POST",
      url: "http://origin.test/items?token=[redacted]",
    });
    expect(error.message).toBe(
      "POST http://origin.test/items?token=[redacted]: the option timeout is 0 (ERR_INVALID_OPTION). Pass milliseconds above 0, or false for no limit.",
    );
  });

  it("that are unknown are refused, inherited ones and __proto__ of data included", async () => {
    const { session, transport } = sessionOf();
    const planted = JSON.parse('{"__proto__":{"timeout":1}}') as RequestOptions;
    const inherited = Object.create({ jsno: {} }) as RequestOptions;
    for (const [name, options] of [
      ["timeouts", { timeouts: 1 }],
      ["__proto__", planted],
      ["jsno", inherited],
    ] as const) {
      await expectRefused(
        () => session.get("", options as RequestOptions),
        `the option ${name} is unknown`,
        /Known are params, headers/,
      );
    }
    await expectRefused(
      () => session.get("", { baseUrl: "http://a.test" } as RequestOptions),
      "baseUrl is unknown",
      /Known/,
    );
    await expectRefused(
      () => session.extend({ limits: {} } as ExtendOptions),
      "limits is unknown",
      /Known/,
    );
    await expectRefused(
      () => session.extend({ json: {} } as ExtendOptions),
      "json is unknown",
      /Known/,
    );
    await expectRefused(
      () => new Session({ transport, signal: undefined } as SessionOptions),
      "signal is unknown",
      /Known/,
    );
  });

  it.each([1, "GET", true, null])("that are %j and no record are refused", async (options) => {
    const { session } = sessionOf();
    await expectRefused(
      () => session.get("", options as unknown as RequestOptions),
      "the option options",
      /Pass \{ params/,
    );
    await expectRefused(
      () => session.extend(options as unknown as ExtendOptions),
      "the option options",
      /Pass \{ params/,
    );
  });

  it("that are undefined are not there", async () => {
    const { session, transport } = sessionOf(
      {},
      { headers: { a: "1" }, timeout: undefined, baseUrl: "http://origin.test" },
    );
    const nothing = Object.fromEntries(
      [
        "params",
        "headers",
        "timeout",
        "redirect",
        "retry",
        "priority",
        "auth",
        "throwHttpErrors",
        "errorContentLimit",
        "maxResponseSize",
        "decompress",
        "context",
        "json",
        "form",
        "multipart",
        "body",
        "signal",
      ].map((name) => [name, undefined]),
    );
    await session.post("", nothing);
    expect(transport.last).toMatchObject({ content: null, fields: { a: "1" } });
  });

  it("that cannot even be looked at fail the call with their error as cause", async () => {
    const cause = new Error("own");
    const throws = (): never => {
      throw cause;
    };
    const { session, transport } = sessionOf();
    for (const options of [
      { headers: { [Symbol.iterator]: throws } },
      { params: { [Symbol.iterator]: throws } },
      Object.defineProperty({}, "timeout", { get: throws, enumerable: true }),
    ] as RequestOptions[]) {
      const error = await failure(session.get("", options));
      expect(error).toMatchObject({ code: "ERR_INVALID_OPTION", requestSent: "no", cause });
    }
    expect(transport.requests).toEqual([]);
  });

  it("take false and Infinity for no limit", async () => {
    const { session } = sessionOf(
      { content: "abc" },
      { limits: { concurrency: false, perOrigin: Infinity, queue: false } },
    );
    const timeout = {
      total: false,
      queue: Infinity,
      connect: false,
      response: Infinity,
      read: false,
    } as const;
    expect(await session.get("", { timeout, maxResponseSize: false }).text()).toBe("abc");
    expect(await session.get("", { timeout: false, maxResponseSize: Infinity }).text()).toBe("abc");
  });

  it.each([null, {}, "abort", { aborted: false }])("refuse the signal %j", async (signal) => {
    await expectRefused(
      () => sessionOf().session.get("", { signal: signal as never }),
      "the option signal",
      /Pass the signal of an AbortController/,
    );
  });

  it.each(["", "G T", "GET\r\n", "GÉT", 1, null, undefined, {}])(
    "refuse the method %j",
    async (method) => {
      const error = await failure(sessionOf().session.request(method as string, ""));
      expect(error).toMatchObject({
        name: "InvalidRequestError",
        code: "ERR_INVALID_METHOD",
        requestSent: "no",
      });
    },
  );

  it("refuse CONNECT, in any case", async () => {
    for (const method of ["CONNECT", "connect"]) {
      expect((await failure(sessionOf().session.request(method, ""))).message).toContain(
        "Configure a proxy",
      );
    }
  });

  it("upper-case the well-known methods and no others", async () => {
    const { session, transport } = sessionOf();
    for (const method of ["get", "Patch", "oPTIONS", "purge", "TRACE"])
      await session.request(method, "");
    expect(transport.arrivals.map((one) => one.method)).toEqual([
      "GET",
      "PATCH",
      "OPTIONS",
      "purge",
      "TRACE",
    ]);
    for (const name of ["get", "head", "options", "post", "put", "patch", "delete"] as const) {
      await session[name]("");
      expect(transport.last.method).toBe(name.toUpperCase());
    }
  });
});

describe("a method that is forgotten", () => {
  it("is said to be, without what is secret in the URL in its place", async () => {
    const url = "http://user:hunter2@a.test/p?token=abc";
    const error = await failure(sessionOf().session.request(url, ""));
    expect(error.message).toContain("Pass the method first");
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/hunter2|abc/);
  });
});

describe("options of a session", () => {
  it("are an object", async () => {
    for (const options of [null, "x", 5])
      expect((await failure(() => new Session(options as never))).message).toMatch(
        /the option options is .*Pass an object/,
      );
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["transport", { transport: undefined }, /Pass one made by a factory/],
    ["transport", { transport: { send: 1 } }, /Pass one made by a factory/],
    ["transport", { transport: { send: () => 1 } }, /Pass one made by a factory/],
    ["limits", { limits: 5 }, /Pass \{ concurrency/],
    ["limits", { limits: null }, /Pass \{ concurrency/],
    ["limits.concurrent", { limits: { concurrent: 1 } }, /Known are concurrency/],
    ["limits.concurrency", { limits: { concurrency: 0 } }, /at least 1/],
    ["limits.perOrigin", { limits: { perOrigin: 1.5 } }, /at least 1/],
    ["limits.queue", { limits: { queue: -1 } }, /at least 0/],
    ["allowOtherOrigins", { allowOtherOrigins: "yes" }, /Pass true or false/],
    ["middleware", { middleware: () => 1 }, /Pass an array/],
    ["middleware", { middleware: [1] }, /Pass an array/],
  ])("%s refuses wrong values", async (option, options, remedy) => {
    await expectRefused(() => new Session({ transport: scripted(), ...options }), option, remedy);
  });

  it("have to be given", async () => {
    await expectRefused(
      () => Reflect.construct(Session, []) as unknown,
      "the option transport",
      /factory/,
    );
  });
});
