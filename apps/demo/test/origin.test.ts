// The embedded origin answers in httpbin's shapes, over HTTP and HTTPS. Seen with bare node:http, not with anyhttp.
import { get as secureGet } from "node:https";
import { request, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Origin, startOrigin } from "../src/origin/origin.ts";

type Json = Record<string, unknown>;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  json: () => Json;
}

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.stop());

function ask(path: string, options: RequestOptions = {}, content?: string | Uint8Array) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(origin.http + path, options, (response) => {
      buffer(response).then(
        (bytes) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            json: () => JSON.parse(bytes.toString()) as Json,
          }),
        reject,
      );
    });
    outgoing.once("error", reject);
    // Left to itself, node:http sends the content of a DELETE without any framing.
    if (content !== undefined) outgoing.setHeader("content-length", Buffer.byteLength(content));
    outgoing.end(content);
  });
}

describe("what a request was", () => {
  it("shows args, headers, origin and url of a GET, and nothing else", async () => {
    const answer = await ask("/get?b=2&a=1&a=3", { headers: { "x-one": "yes" } });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.json()).toEqual({
      args: { a: ["1", "3"], b: "2" },
      headers: { Connection: "keep-alive", Host: new URL(origin.http).host, "X-One": "yes" },
      origin: "127.0.0.1",
      url: `${origin.http}/get?b=2&a=1&a=3`,
    });
  });

  it("writes JSON with sorted keys and two spaces", async () => {
    const { bytes } = await ask("/ip");
    expect(bytes.toString()).toBe('{\n  "origin": "127.0.0.1"\n}\n');
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("echoes a form sent with %s", async (method) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await ask(`/${method.toLowerCase()}`, { method, headers }, "name=Jack&age=20");
    expect(answer.json()).toMatchObject({
      form: { name: "Jack", age: "20" },
      data: "",
      json: null,
      files: {},
    });
  });

  it("echoes JSON both as text and parsed", async () => {
    const answer = await ask("/post", { method: "POST" }, '{"a":[1]}');
    expect(answer.json()).toMatchObject({ data: '{"a":[1]}', json: { a: [1] }, form: {} });
  });

  it("echoes bytes that are not text as a data URI", async () => {
    const answer = await ask("/put", { method: "PUT" }, Uint8Array.of(0xff, 0, 1));
    expect(answer.json()["data"]).toBe("data:application/octet-stream;base64,/wAB");
  });

  it("tells fields from files in multipart content", async () => {
    const form = new FormData();
    form.set("note", "hello");
    form.set("file", new File(["text"], "a.txt"));
    const made = new Response(form);
    const headers = { "content-type": made.headers.get("content-type") ?? "" };
    const answer = await ask("/post", { method: "POST", headers }, await made.bytes());
    expect(answer.json()).toMatchObject({ form: { note: "hello" }, files: { file: "text" } });
  });

  it("answers any method at /anything, and says which it was", async () => {
    const answer = await ask("/anything/a/b?c=d", { method: "PROPFIND" });
    expect(answer.json()).toMatchObject({ method: "PROPFIND", args: { c: "d" } });
  });

  it("refuses other methods with 405 and allow", async () => {
    const { status, headers } = await ask("/post");
    expect([status, headers.allow]).toEqual([405, "POST, OPTIONS"]);
  });

  it("answers HEAD like GET, without the content", async () => {
    const { status, headers, bytes } = await ask("/bytes/10", { method: "HEAD" });
    expect([status, headers["content-length"], bytes.length]).toEqual([200, "10", 0]);
  });

  it("answers 404 in JSON where there is nothing", async () => {
    const answer = await ask("/nowhere");
    expect([answer.status, answer.json()]).toEqual([404, { error: "nothing at /nowhere" }]);
  });
});

describe("content", () => {
  it.each([
    ["gzip", "gzip", "gzipped", gunzipSync],
    ["deflate", "deflate", "deflated", inflateSync],
    ["brotli", "br", "brotli", brotliDecompressSync],
    ["zstd", "zstd", "zstd", zstdDecompressSync],
  ] as const)("codes /%s as %s", async (path, coding, flag, decode) => {
    const { headers, bytes } = await ask(`/${path}`);
    expect(headers["content-encoding"]).toBe(coding);
    expect(JSON.parse(decode(bytes).toString())).toMatchObject({ [flag]: true, method: "GET" });
  });

  it("makes the same bytes for the same seed, of exactly the length asked for", async () => {
    const [one, two, other] = await Promise.all([
      ask("/bytes/100001?seed=1"),
      ask("/bytes/100001?seed=1"),
      ask("/bytes/100001?seed=2"),
    ]);
    expect(one.bytes.length).toBe(100_001);
    expect(one.bytes.equals(two.bytes)).toBe(true);
    expect(one.bytes.equals(other.bytes)).toBe(false);
    expect(new Set(one.bytes).size).toBe(256);
  });

  it("refuses a size that is not a number", async () => {
    expect((await ask("/bytes/many")).status).toBe(400);
  });

  it("streams numbered lines of JSON", async () => {
    const { bytes, headers } = await ask("/stream/3");
    expect(headers["transfer-encoding"]).toBe("chunked");
    const lines = bytes.toString().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([0, 1, 2]);
  });

  it("serves a page in UTF-8", async () => {
    const { headers, bytes } = await ask("/html");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(bytes.toString()).toMatch(/^<!doctype html>[^]*你好/);
  });
});

describe("statuses, redirects, cookies, auth", () => {
  it.each([200, 204, 304, 404, 503])("answers with status %d", async (status) => {
    expect((await ask(`/status/${status}`)).status).toBe(status);
  });

  it("counts redirects down to /get", async () => {
    const places = await Promise.all(
      ["/redirect/3", "/relative-redirect/1", "/absolute-redirect/2"].map(
        async (path) => (await ask(path)).headers.location,
      ),
    );
    expect(places).toEqual(["/relative-redirect/2", "/get", `${origin.http}/absolute-redirect/1`]);
  });

  it("redirects to a given URL with a given status", async () => {
    const { status, headers } = await ask("/redirect-to?url=/ip&status_code=307");
    expect([status, headers.location]).toEqual([307, "/ip"]);
  });

  it("sets, shows and deletes cookies", async () => {
    const set = await ask("/cookies/set?a=1&b=2");
    expect([set.status, set.headers["set-cookie"]]).toEqual([302, ["a=1; Path=/", "b=2; Path=/"]]);
    const shown = await ask("/cookies", { headers: { cookie: "a=1; b=2" } });
    expect(shown.json()).toEqual({ cookies: { a: "1", b: "2" } });
    const gone = await ask("/cookies/delete?a");
    expect(gone.headers["set-cookie"]?.[0]).toMatch(/^a=; Path=\/; Expires=Thu, 01 Jan 1970/);
  });

  it("lets in who knows the password", async () => {
    const inside = await ask("/basic-auth/jack/secret", { auth: "jack:secret" });
    expect(inside.json()).toEqual({ authenticated: true, user: "jack" });
    const outside = await ask("/basic-auth/jack/secret", { auth: "jack:guess" });
    expect([outside.status, outside.headers["www-authenticate"]]).toEqual([
      401,
      'Basic realm="Fake Realm"',
    ]);
  });

  it("lets in who has a token", async () => {
    const headers = { authorization: "Bearer abc" };
    expect((await ask("/bearer", { headers })).json()).toEqual({
      authenticated: true,
      token: "abc",
    });
    const outside = await ask("/bearer");
    expect([outside.status, outside.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  });

  it("asks for a digest, and takes none of a wrong password", async () => {
    const path = "/digest-auth/auth/jack/secret";
    const outside = await ask(path);
    expect([outside.status, outside.headers["www-authenticate"]]).toEqual([
      401,
      expect.stringMatching(
        /^Digest realm="Fake Realm", nonce="\w{32}", qop="auth", algorithm=SHA-256$/,
      ),
    ]);
    const authorization = `Digest username="jack", realm="Fake Realm", nonce="n", uri="${path}", nc=00000001, cnonce="c", qop=auth, response="${"0".repeat(64)}"`;
    expect((await ask(path, { headers: { authorization } })).status).toBe(401);
  });
});

describe("time and faults", () => {
  it("waits as long as it was asked to", async () => {
    const began = performance.now();
    expect((await ask("/delay/0.2")).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it("drips bytes over a duration", async () => {
    const began = performance.now();
    const { bytes } = await ask("/drip?numbytes=4&duration=0.2&delay=0");
    expect(bytes.toString()).toBe("****");
    expect(performance.now() - began).toBeGreaterThan(120);
  });

  it("sends half of what it announced", async () => {
    await expect(ask("/fault/truncated/100")).rejects.toMatchObject({ message: "aborted" });
  });

  it("closes without a word", async () => {
    await expect(ask("/fault/lost")).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});

describe("HTTPS", () => {
  const over = (options: object) =>
    new Promise<number>((resolve, reject) => {
      secureGet(`${origin.https}/get`, { ...options, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).once("error", reject);
    });

  it("answers whoever trusts its certificate", async () => {
    expect(await over({ ca: origin.ca })).toBe(200);
  });

  it("is not trusted by anyone else", async () => {
    await expect(over({})).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});

it("gives its ports back when it stops, with a request still waiting", async () => {
  const other = await startOrigin();
  const { port } = new URL(other.http);
  const waiting = fetch(`${other.http}/delay/9`).catch(() => "cut off");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await other.stop();
  expect(await waiting).toBe("cut off");
  const again = await startOrigin({ http: Number(port) });
  expect(again.http).toBe(other.http);
  await again.stop();
});
