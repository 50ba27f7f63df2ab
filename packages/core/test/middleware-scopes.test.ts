import { describe, expect, it } from "vitest";
import type {
  Context,
  HttpRequest,
  HttpResponse,
  Middleware,
  NamedMiddleware,
  Next,
  RequestOptions,
  SessionOptions,
} from "../src/index.ts";
import { failure, sessionOf, turns } from "./support/session.ts";

declare module "../src/index.ts" {
  interface Context {
    readonly tenant?: string;
  }
}

const attempt = (handle: NamedMiddleware["handle"]): NamedMiddleware => ({
  scope: "attempt",
  handle,
});
const pass: Middleware = (request, next) => next(request);

describe("the scope of middleware", () => {
  it("decides whether it stands around the call, or around each attempt of each hop", async () => {
    const log: string[] = [];
    const noting = (name: string, scope: "call" | "attempt"): NamedMiddleware => ({
      scope,
      async handle(request, next) {
        log.push(`${name} ${new URL(request.url).pathname}`);
        const response = await next(request);
        log.push(`${name} ${response.status}`);
        return response;
      },
    });
    const { session } = sessionOf(
      [{ status: 503 }, { status: 302, headers: { location: "/b" } }, { status: 503 }, {}],
      {
        retry: { attempts: 2, backoff: 1 },
        middleware: [noting("inner", "attempt"), noting("outer", "call")],
      },
    );
    await session.get("a");
    expect(log).toEqual([
      ...["outer /a", "inner /a", "inner 503", "inner /a", "inner 302"],
      ...["inner /b", "inner 503", "inner /b", "inner 200", "outer 200"],
    ]);
  });

  it("is told in the order in which it holds, of extended sessions as well", () => {
    const { session } = sessionOf({}, { middleware: [pass, { ...attempt(pass), name: "each" }] });
    const extended = session.extend({
      throwHttpErrors: false,
      retry: { attempts: 2 },
      cookies: { cookiesFor: () => null, store: () => undefined },
      middleware: [{ name: "own", handle: pass }, attempt((request, next) => next(request))],
    });
    expect(session.describe()).toBe(
      "rejectOnStatus → pass → redirect(max 10) → each → exchange → scripted",
    );
    expect(extended.describe()).toBe(
      "pass → own → redirect(max 10) → retry(2 attempts) → each → anonymous → cookies → exchange → scripted",
    );
  });

  it.each([[{ scope: "once", handle: pass }], [{ name: "a" }], [null], ["pass"], [[pass]]])(
    "is refused if there is no such scope, or nothing to call: %j",
    async (wrong) => {
      const error = await failure(() => sessionOf({}, { middleware: [wrong as never] }));
      expect(error).toMatchObject({ code: "ERR_INVALID_OPTION" });
    },
  );

  it("leaves a failure of middleware to nobody's retry, and to the call's error", async () => {
    let calls = 0;
    const { session, transport } = sessionOf(
      {},
      {
        retry: { attempts: 3, backoff: 1 },
        middleware: [
          attempt(() => {
            calls++;
            throw new Error("own");
          }),
        ],
      },
    );
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_MIDDLEWARE", attempt: 1 });
    expect([calls, transport.requests.length]).toEqual([1, 0]);
  });
});

describe("an object as middleware", () => {
  it("is called as itself, and named by its name", async () => {
    class Stamp implements NamedMiddleware {
      readonly name = "stamp";
      #calls = 0;
      handle(request: HttpRequest, next: Next): Promise<HttpResponse> {
        request.headers.set("x-calls", String(++this.#calls));
        return next(request);
      }
    }
    const { session, transport } = sessionOf({}, { middleware: [new Stamp()] });
    await session.get("a");
    await session.get("a");
    expect(transport.last.fields["x-calls"]).toBe("2");
    expect(session.describe()).toContain("stamp");
  });
});

describe("what middleware leaves behind", () => {
  it("may be a promise that fails before it is awaited", async () => {
    const late: Middleware = async (request, next) => {
      const response = next(request);
      await turns();
      return response;
    };
    const { session } = sessionOf({ error: new Error("own") }, { middleware: [late, late] });
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_TRANSPORT" });
  });

  it("ends with a call that rejects: what is under way, and what is unread", async () => {
    const leaving: Middleware = async (request, next) => {
      await next(request);
      void next(request);
      await turns();
      throw new Error("own");
    };
    const { session, transport } = sessionOf(
      [{ content: "abc", ending: "open" }, { hang: "sent" }],
      { middleware: [leaving] },
    );
    expect(await failure(session.get("a"))).toMatchObject({ code: "ERR_MIDDLEWARE" });
    expect(session.stats.active).toBe(0);
    expect([transport.bodies[0]?.cancelled, transport.aborts.length]).toEqual([1, 1]);
  });

  it("goes on in the background of a call that resolves, and holds up close()", async () => {
    const open = Promise.withResolvers<undefined>();
    let revalidated = "";
    const background: Middleware = async (request, next) => {
      const response = await next(request);
      void next(request).then(async (later) => (revalidated = await later.text()));
      return response;
    };
    const { session } = sessionOf([{}, { after: open.promise, content: "new" }], {
      middleware: [background],
    });
    await session.get("a");
    const closed = session.close();
    await turns();
    expect([session.stats.active, revalidated]).toEqual([1, ""]);
    open.resolve(undefined);
    await closed;
    await turns();
    expect(revalidated).toBe("new");
  });

  it("cannot send once the call is over", async () => {
    let again: (() => Promise<HttpResponse>) | undefined;
    const keeping: Middleware = (request, next) => {
      again = () => next(request);
      return again();
    };
    const { session, transport } = sessionOf({}, { middleware: [keeping] });
    await session.get("a");
    const error = await failure(again?.() ?? Promise.resolve());
    expect(error).toMatchObject({
      code: "ERR_MIDDLEWARE",
      cause: expect.stringMatching(/after/) as string,
    });
    expect(transport.requests).toHaveLength(1);
  });
});

describe("context", () => {
  it("is typed by what applications declare, where it is passed and where it is read", async () => {
    let seen: string | undefined;
    const reading: Middleware = (request, next) => {
      // Typed: no cast.
      seen = request.context.tenant;
      return next(request);
    };
    const { session } = sessionOf({}, { middleware: [reading], context: { tenant: "one" } });
    await session.get("a", { context: { tenant: "two", other: 1 } });
    expect(seen).toBe("two");
    // @ts-expect-error -- a tenant is a string
    const wrong: RequestOptions = { context: { tenant: 5 } };
    // @ts-expect-error -- a tenant is a string
    const alsoWrong: Partial<SessionOptions> = { context: { tenant: null } };
    const right: Context = { tenant: "one", anything: wrong === alsoWrong };
    expect(right.tenant).toBe("one");
  });
});
