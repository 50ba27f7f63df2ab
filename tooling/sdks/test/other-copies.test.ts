// Classes of other copies of fetch: the npm package undici, and node-fetch.
import { Session, toFetch } from "@anyhttp/core";
import * as nodeFetch from "node-fetch";
import * as undici from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transports } from "../src/kit.ts";
import { type Origin, startOrigin } from "../src/origin.ts";

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

describe.each(transports)("over %s, fetch takes", (_name, make) => {
  let session: Session;
  let fetch: (input: unknown, init?: unknown) => Promise<Response>;
  beforeAll(() => {
    session = new Session({ transport: make() });
    fetch = toFetch(session) as typeof fetch;
  });
  afterAll(() => session.close({ force: true }));

  const init = { method: "PUT", body: "text", headers: { "x-own": "1" } };

  it.each([
    ["undici", (url: string) => new undici.Request(url, init)],
    ["node-fetch", (url: string) => new nodeFetch.Request(url, init)],
  ])("a Request of %s", async (_copy, makeRequest) => {
    origin.reset();
    const response = await fetch(makeRequest(`${origin.url}/upload`));
    expect(response).toBeInstanceOf(Response);
    expect(await response.json()).toEqual({ text: "text", type: "text/plain;charset=UTF-8" });
    expect(origin.arrivals[0]).toMatchObject({ method: "PUT", headers: { "x-own": "1" } });
  });

  it.each([
    ["undici", undici.FormData, File],
    ["node-fetch", nodeFetch.FormData, nodeFetch.File],
  ])("a FormData of %s", async (_copy, FormDataOf, FileOf) => {
    const body = new FormDataOf();
    body.append("a", "1");
    body.append("file", new FileOf(["text"], "a.txt", { type: "text/plain" }) as never);
    const response = await fetch(`${origin.url}/upload`, { method: "POST", body });
    expect(await response.json()).toMatchObject({
      parts: { a: "1", file: { name: "a.txt", type: "text/plain", text: "text" } },
    });
  });

  it("Headers and a Blob of node-fetch", async () => {
    const headers = new nodeFetch.Headers({ "x-own": "1" });
    const body = new nodeFetch.Blob(["text"], { type: "text/x" });
    const response = await fetch(`${origin.url}/upload`, { method: "POST", body, headers });
    expect(await response.json()).toEqual({ text: "text", type: "text/x" });
  });

  it("the signal of a Request of undici", async () => {
    origin.reset();
    const controller = new AbortController();
    const request = new undici.Request(`${origin.url}/silent`, { signal: controller.signal });
    const done = fetch(request);
    await origin.arrived(1);
    controller.abort("enough");
    await expect(done).rejects.toBe("enough");
    await origin.gone(origin.arrivals[0]);
  });

  it("a dispatcher of nobody", async () => {
    const dispatcher = new undici.Agent();
    await expect(fetch(`${origin.url}/items`, { dispatcher })).rejects.toThrow(/dispatcher/);
    await dispatcher.close();
  });
});
