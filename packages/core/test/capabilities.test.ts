import { describe, expect, it } from "vitest";
import {
  type Capabilities,
  fullCapabilities,
  httpError,
  type RequestOptions,
  UnsupportedError,
  webDecoders,
} from "../src/index.ts";
import { unsupported } from "../src/unsupported.ts";
import { scripted } from "./support/scripted-transport.ts";
import { failure, sessionOf } from "./support/session.ts";

async function* oneShot(): AsyncGenerator<string> {
  await Promise.resolve();
  yield "abc";
}

type Case = [
  capability: Partial<Capabilities>,
  method: string,
  options: () => RequestOptions,
  option: string,
];

/** What each capability rules out. */
const refused: readonly Case[] = [
  [{ redirects: "opaque" }, "GET", () => ({ redirect: { forward: ["x-a"] } }), "redirect"],
  [{ redirects: "opaque" }, "GET", () => ({ redirect: false }), "redirect"],
  [{ redirects: "opaque" }, "GET", () => ({ redirect: { max: 3 } }), "redirect"],
  [{ redirects: "opaque" }, "GET", () => ({ redirect: { allowDowngrade: true } }), "redirect"],
  [{ contentCoding: "decoded" }, "GET", () => ({ decompress: false }), "decompress"],
  [{ requestStreaming: "none" }, "POST", () => ({ body: oneShot() }), "body"],
  [{ requestStreaming: "none" }, "POST", () => ({ body: new Blob(["a"]).stream() }), "body"],
  [{ requestStreaming: "none" }, "POST", () => ({ body: () => oneShot() }), "body"],
  [{ getContent: "refused" }, "GET", () => ({ json: 1 }), "body"],
  [{ getContent: "refused" }, "HEAD", () => ({ body: "a" }), "body"],
  [{ methods: "fetch" }, "TRACE", () => ({}), "method"],
  [{ methods: "fetch" }, "track", () => ({}), "method"],
  ...[
    "accept-charset",
    "Accept-Encoding",
    "access-control-request-method",
    "cookie",
    "Cookie2",
    "date",
    "dnt",
    "host",
    "origin",
    "referer",
    "via",
    "proxy-authorization",
    "Sec-Fetch-Mode",
  ].map((name): Case => [
    { forbiddenFields: "fetch" },
    "POST",
    () => ({ body: "a", headers: { [name]: "1" } }),
    `headers["${name.toLowerCase()}"]`,
  ]),
];

/** What a capability leaves possible. */
const honoured: readonly [Partial<Capabilities>, string, () => RequestOptions][] = [
  [{ redirects: "opaque" }, "GET", () => ({ redirect: { max: 10 } })],
  [{ redirects: "opaque" }, "GET", () => ({ redirect: true })],
  [{ contentCoding: "decoded" }, "GET", () => ({ decompress: true })],
  [{ requestStreaming: "none" }, "POST", () => ({ body: new Blob(["a"]) })],
  [{ requestStreaming: "none" }, "POST", () => ({ multipart: new FormData() })],
  [{ requestStreaming: "none" }, "POST", () => ({ body: () => "made" })],
  [{ getContent: "refused" }, "DELETE", () => ({ json: 1 })],
  [{ getContent: "refused" }, "GET", () => ({})],
  [{ methods: "fetch" }, "PURGE", () => ({})],
  [
    { forbiddenFields: "fetch" },
    "POST",
    () => ({ body: "a", headers: { authorization: "Bearer a", "x-sec-own": "1" } }),
  ],
  // Core takes it from the content, as the platform does.
  [{ forbiddenFields: "fetch" }, "POST", () => ({ body: "a", headers: { "content-length": "1" } })],
];

describe("a capability", () => {
  it.each(refused)(
    "%j refuses %s before anything is sent: case %#",
    async (capabilities, method, options, option) => {
      const { session, transport } = sessionOf({}, {}, { capabilities });
      const error = await failure(session.request(method, "x", options()));
      const [capability] = Object.keys(capabilities) as [keyof Capabilities];
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(error).toMatchObject({
        code: "ERR_UNSUPPORTED",
        option,
        transport: "scripted",
        capability,
        phase: "prepare",
        requestSent: "no",
        retryable: false,
        request: { url: "http://origin.test/x" },
      });
      expect(error.message).toContain(
        `the transport scripted cannot honour ${option} (its ${capability} is "${capabilities[capability]}")`,
      );
      expect([transport.requests.length, session.stats.active]).toEqual([0, 0]);
      const able = sessionOf();
      expect((await able.session.request(method, "x", options())).status).toBe(200);
    },
  );

  it.each(honoured)("%j lets %s pass: case %#", async (capabilities, method, options) => {
    const { session } = sessionOf({}, {}, { capabilities });
    expect((await session.request(method, "x", options())).status).toBe(200);
  });

  it("is looked at again for what middleware made of a request", async () => {
    const { session, transport } = sessionOf(
      {},
      { middleware: [(request, next) => next(request.with({ body: "abc" }))] },
      { capabilities: { getContent: "refused" } },
    );
    expect(await failure(session.get("x"))).toMatchObject({ capability: "getContent" });
    expect(transport.requests).toEqual([]);
  });

  it("is told in full by what owns its sockets, and cannot be changed", () => {
    expect(Object.isFrozen(fullCapabilities)).toBe(true);
    expect(Object.values(fullCapabilities).every((value) => typeof value === "string")).toBe(true);
  });

  it("can be named by transports in refusals of their own", () => {
    const error = unsupported(scripted(), "tls.ca", "tls", "Set it elsewhere.");
    expect(error).toMatchObject({ option: "tls.ca", capability: "tls" });
    expect(error.message).toContain("Set it elsewhere.");
    expect(httpError("ERR_UNSUPPORTED")).toBeInstanceOf(UnsupportedError);
  });
});

describe("fields of core's own", () => {
  it("ask for the codings that the transport's platform decodes", async () => {
    const decoders = webDecoders();
    const { session, transport } = sessionOf({}, {}, { decoders });
    await session.get("x");
    expect(transport.last.lines).toEqual([
      "accept",
      "*/*",
      "user-agent",
      "anyhttp",
      "accept-encoding",
      Object.keys(decoders).join(", "),
    ]);
  });

  it("are left to the platform where it sets them itself", async () => {
    const fetchLike = sessionOf(
      {},
      {},
      {
        decoders: webDecoders(),
        capabilities: { forbiddenFields: "fetch", contentCoding: "decoded" },
      },
    );
    await fetchLike.session.get("x");
    expect(fetchLike.transport.last.lines).toEqual(["accept", "*/*"]);
    const decoded = sessionOf(
      {},
      {},
      { decoders: webDecoders(), capabilities: { contentCoding: "decoded" } },
    );
    await decoded.session.get("x");
    expect(decoded.transport.last.lines).toEqual(["accept", "*/*", "user-agent", "anyhttp"]);
  });
});
