// The same calls, made with Node's own fetch and with toFetch over each transport: both witnesses have to say the same.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Session, toFetch } from "@anyhttp/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transports } from "../src/kit.ts";

interface Arrived {
  readonly method: string | undefined;
  readonly path: string;
  readonly content: string;
  readonly fields: Record<string, unknown>;
}

/** What a caller needs to make its call, and says of it. */
interface Scene {
  readonly fetch: typeof fetch;
  readonly url: string;
  /** Another origin. */
  readonly other: string;
  /** Waits until the origin has so many requests of this scene. */
  arrived(count: number): Promise<void>;
}

type Act = (scene: Scene) => Promise<unknown>;

const compared =
  /^(content-(type|length|language)|transfer-encoding|authorization|cookie|pragma|cache-control|x-.*)$/;

let arrivals: Arrived[] = [];
const watchers = new Set<() => void>();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, headers } = request;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://origin");
  const boundary = /boundary=(.*)$/.exec(headers["content-type"] ?? "")?.[1] ?? "no boundary";
  const same = (text: unknown): unknown => String(text).replaceAll(boundary, "BOUNDARY");
  // The fields of a part are written in any case.
  const content = String(same(Buffer.concat((await request.toArray()) as Buffer[]))).replace(
    /^Content-[DT]\w+:/gm,
    (name) => name.toLowerCase(),
  );
  const fields: Record<string, unknown> = {};
  for (const name in headers) if (compared.test(name)) fields[name] = same(headers[name]);
  // A boundary is as long as its maker likes.
  if (boundary !== "no boundary") delete fields["content-length"];
  arrivals.push({ method, path: pathname, content, fields });
  for (const watcher of watchers) watcher();
  const [, what = "", number = ""] = /^\/(\w+)(?:\/(\d+))?/.exec(pathname) ?? [];
  const to = searchParams.get("to");
  const left = Number(searchParams.get("left") ?? 0);
  switch (what) {
    case "status":
      response.writeHead(Number(number), "As It Is");
      response.end(searchParams.get("content") ?? undefined);
      return;
    case "redirect":
      response.writeHead(Number(number), to === null ? {} : { location: to }).end("moved");
      return;
    case "loop":
      response.writeHead(302, { location: left > 1 ? `/loop?left=${left - 1}` : "/end" }).end();
      return;
    case "silent":
      return;
    case "endless":
      response.writeHead(200).write("first");
      return;
    case "cut":
      response.writeHead(200, { "content-length": "100" }).write("first");
      setTimeout(() => response.destroy(), 10);
      return;
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "garbage":
      request.socket.end("no HTTP at all\r\n\r\n");
      return;
    case "gzip":
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" });
      response.end(number ? "not gzip" : gzipSync("héllo".repeat(99)));
      return;
    case "cookies":
      response.writeHead(200, [
        ...["Set-Cookie", "a=1", "set-cookie", "b=2", "X-Own", "1", "x-own", "2"],
        ...["Link", "<a>; rel=next"],
      ]);
      response.end();
      return;
    case "form":
      response
        .writeHead(200, { "content-type": "application/x-www-form-urlencoded" })
        .end("a=1&b=");
      return;
    case "pieces":
      response.writeHead(200, { "content-type": "text/html;charset=utf-8" });
      response.write("one ");
      setTimeout(() => response.end("two"), 5);
      return;
    default:
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  }
}

const listen = async (): Promise<[Server, string]> => {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
};

let origins: [Server, string][] = [];
beforeAll(async () => {
  origins = [await listen(), await listen()];
});
afterAll(() => {
  for (const [server] of origins) {
    server.closeAllConnections();
    server.close();
  }
});

/** What an act comes to, as both have to say it. */
async function told(act: Act, using: typeof fetch): Promise<unknown> {
  const [[, url], [, other]] = origins as [[Server, string], [Server, string]];
  arrivals = [];
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (arrivals.length < count) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  let outcome: unknown;
  try {
    outcome = await describeOutcome(await act({ fetch: using, url, other, arrived }));
  } catch (error) {
    outcome = { rejects: describeError(error) };
  }
  const text = JSON.stringify({ outcome, arrivals });
  return JSON.parse(text.replaceAll(url, "{url}").replaceAll(other, "{other}")) as unknown;
}

async function describeOutcome(value: unknown): Promise<unknown> {
  if (!(value instanceof Response)) return value;
  const { status, statusText, ok, url, redirected, type, headers } = value;
  const fields = [...headers].filter(([name]) => !/^(date|connection|keep-alive)$/.test(name));
  const head = {
    status,
    statusText,
    ok,
    url,
    redirected,
    type,
    fields,
    hasBody: value.body !== null,
  };
  const content = await value.text().catch((error: unknown) => describeError(error));
  return { ...head, content, used: value.bodyUsed };
}

/** What callers can rely on: the reason of a signal is itself, all else is a TypeError. */
function describeError(error: unknown): unknown {
  if (error instanceof DOMException) return `DOMException ${error.name}: ${error.message}`;
  return error instanceof TypeError ? "TypeError" : error;
}

const simple =
  (path: string, init?: object): Act =>
  ({ fetch, url }) =>
    fetch(`${url}${path}`, init);
const posting =
  (body: () => unknown, more: object = {}): Act =>
  ({ fetch, url }) =>
    fetch(`${url}/post`, { method: "POST", body: body(), ...more } as RequestInit);
const requesting =
  (init: () => object, then?: () => object): Act =>
  ({ fetch, url }) =>
    fetch(new Request(`${url}/asked`, init()), then?.());

const streamed = (...pieces: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
const half = { duplex: "half" };
const formed = (): FormData => {
  const form = new FormData();
  form.append("a b", 'say "hi"');
  form.append("file", new File(["héllo"], "ä.txt", { type: "text/plain" }));
  return form;
};
const bytes = (): Uint8Array<ArrayBuffer> => new TextEncoder().encode("héllo");

const bodies: Record<string, () => unknown> = {
  "an empty text": () => "",
  text: () => "héllo €",
  bytes,
  "a buffer": () => bytes().buffer,
  "a view of a part": () => new DataView(bytes().buffer, 1, 3),
  "a Node buffer": () => Buffer.from("héllo"),
  "a Blob": () => new Blob(["x"], { type: "image/png" }),
  "a Blob without a type": () => new Blob(["x"]),
  "a File": () => new File(["x"], "x.txt", { type: "text/plain" }),
  parameters: () =>
    new URLSearchParams([
      ["a", "1 2&"],
      ["a", "é"],
    ]),
  "a form": formed,
  nothing: () => null,
  undefined: () => undefined,
  "a number": () => 42,
  "a boolean": () => false,
  "a URL": () => new URL("http://a.test/"),
};

const reason = { of: "its own" };
/** Fetches, and aborts when the origin has the request, or the head has come. */
const aborting =
  (path: string, when: "arrived" | "head", because?: unknown): Act =>
  async ({ fetch, url, arrived }) => {
    const controller = new AbortController();
    const done = fetch(url + path, { signal: controller.signal });
    if (when === "head") await done;
    else await arrived(1);
    controller.abort(because);
    return (await done).text();
  };

const acts: Record<string, Act> = {
  // Input
  "a string": simple("/a?b=c#d"),
  "a URL": ({ fetch, url }) => fetch(new URL("/a", url)),
  "what can be made a string": ({ fetch, url }) => fetch({ toString: () => `${url}/a` } as never),
  "a URL with credentials": ({ fetch, url }) => fetch(url.replace("//", "//me:secret@")),
  "no URL": ({ fetch }) => fetch("http://"),
  "another scheme": ({ fetch }) => fetch("ftp://a.test/"),
  "no init": simple("/a"),
  "null as init": simple("/a", null as never),
  "a number as init": simple("/a", 5 as never),
  "a Request": requesting(() => ({ method: "PUT", body: "x", headers: { "x-a": "1" } })),
  "a Request and init": requesting(
    () => ({ method: "PUT", body: "x", headers: { "x-a": "1" } }),
    () => ({ method: "post", headers: { "x-b": "1" }, body: "y" }),
  ),
  "a Request that was used": async ({ fetch, url }) => {
    const request = new Request(url, { method: "POST", body: "x" });
    await request.text();
    return fetch(request);
  },
  "a Request, twice": async ({ fetch, url }) => {
    const request = new Request(url, { method: "POST", body: "x" });
    await (await fetch(request)).text();
    return fetch(request);
  },
  "a Request that becomes a GET": requesting(
    () => ({ method: "POST", body: "x" }),
    () => ({ method: "GET" }),
  ),
  "a clone of a Request": async ({ fetch, url }) => {
    const request = new Request(url, { method: "POST", body: "x" });
    await (await fetch(request.clone())).text();
    return fetch(request);
  },
  "a Request made of a Request": ({ fetch, url }) =>
    fetch(
      new Request(new Request(url, { method: "POST", body: "x" }), { headers: { "x-a": "1" } }),
    ),

  // Methods
  ...Object.fromEntries(
    [
      "get",
      "HEAD",
      "post",
      "Put",
      "DELETE",
      "options",
      "PATCH",
      "purge",
      "TRACE",
      "connect",
      "a b",
    ].map((method) => [`the method ${method}`, simple("/a", { method })]),
  ),
  "DELETE with content": simple("/a", { method: "DELETE", body: "x" }),
  "GET with content": simple("/a", { body: "x" }),
  "HEAD with content": simple("/a", { method: "HEAD", body: "x" }),

  // Headers
  "headers as a record": simple("/a", { headers: { "X-A": "1", "x-b": " 2 " } }),
  "headers as pairs": simple("/a", {
    headers: [
      ["x-a", "1"],
      ["X-A", "2"],
    ],
  }),
  "headers as Headers": ({ fetch, url }) => fetch(url, { headers: new Headers({ "x-a": "é" }) }),
  "a header that is none": simple("/a", { headers: { "x a": "1" } }),
  "a header of two lines": simple("/a", { headers: { "x-a": "1\r\nx-b: 2" } }),
  "a header beyond Latin": simple("/a", { headers: { "x-a": "€" } }),
  "cookies and authorization": simple("/a", { headers: { cookie: "a=b", authorization: "x" } }),
  "a type of its own": posting(() => "{}", { headers: { "Content-Type": "application/json" } }),
  "a type for a form": posting(() => new URLSearchParams("a=b"), {
    headers: { "content-type": "x/y" },
  }),

  // Bodies
  ...Object.fromEntries(
    Object.entries(bodies).flatMap(([kind, body]) => [
      [`${kind} as body`, posting(body)],
      [`${kind} as the body of a Request`, requesting(() => ({ method: "POST", body: body() }))],
    ]),
  ),
  "a stream": posting(() => streamed("a", "b"), half),
  "a stream with its length": posting(() => streamed("a", "b"), {
    ...half,
    headers: { "content-length": "2" },
  }),
  "an iterable": posting(async function* () {
    yield new TextEncoder().encode("a");
    yield new TextEncoder().encode("b");
  }, half),
  "a stream without duplex": posting(() => streamed("a")),
  "a stream that somebody reads": posting(() => {
    const stream = streamed("a");
    stream.getReader();
    return stream;
  }, half),
  "a stream that fails": posting(
    () => new ReadableStream({ pull: () => Promise.reject(new Error("source")) }),
    half,
  ),
  "a Request that streams": requesting(() => ({
    method: "POST",
    body: streamed("a", "b"),
    ...half,
  })),
  "bytes that change afterwards": ({ fetch, url }) => {
    const body = bytes();
    const done = fetch(url, { method: "POST", body });
    body.fill(0);
    return done;
  },

  // Members of init
  "no such redirect": simple("/a", { redirect: "x" }),
  "no such mode": simple("/a", { mode: "x" }),
  "the mode navigate": simple("/a", { mode: "navigate" }),
  "no such cache": simple("/a", { cache: "x" }),
  "only what is cached": simple("/a", { cache: "only-if-cached" }),
  "no such credentials": simple("/a", { credentials: "x" }),
  "no such priority": simple("/a", { priority: "x" }),
  "another duplex": simple("/a", { duplex: "full" }),
  "a window": simple("/a", { window: {} }),
  "no window": simple("/a", { window: null }),
  "what nobody knows": simple("/a", { next: { revalidate: 1 } }),
  ...Object.fromEntries(
    ["default", "no-store", "reload", "no-cache", "force-cache"].map((cache) => [
      `the cache ${cache}`,
      simple("/a", { cache }),
    ]),
  ),
  "the cache of a Request": requesting(() => ({ cache: "no-store" })),
  "what is asked of no importance": simple("/a", {
    mode: "cors",
    credentials: "include",
    keepalive: true,
    referrer: "",
    referrerPolicy: "no-referrer",
    priority: "high",
  }),

  "integrity that holds": simple("/a", {
    integrity: "sha256-QGLtr3UPuAdOfoPgyQKMlOMkaKi28WFHdDKO8EUVD5M=",
  }),
  "integrity that does not hold": simple("/a", {
    integrity: "sha256-AAAAr3UPuAdOfoPgyQKMlOMkaKi28WFHdDKO8EUVD5M=",
  }),
  "integrity of a Request": requesting(() => ({
    integrity: "sha256-AAAAr3UPuAdOfoPgyQKMlOMkaKi28WFHdDKO8EUVD5M=",
  })),

  // Redirects
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].flatMap((status) =>
      ["GET", "HEAD", "POST", "PUT"].map((method) => [
        `${method} redirected by ${status}`,
        simple(`/redirect/${status}?to=/end`, {
          method,
          ...(method.startsWith("P") && { body: "x", headers: { "content-language": "de" } }),
        }),
      ]),
    ),
  ),
  ...Object.fromEntries(
    [300, 304, 305, 399].map((status) => [
      `${status}, which is no redirect`,
      simple(`/redirect/${status}?to=/end`),
    ]),
  ),
  "a redirect to nowhere": simple("/redirect/302"),
  "a redirect to what is no URL": simple("/redirect/302?to=http://"),
  "a redirect to data": simple("/redirect/302?to=data:,x"),
  "a redirect to file": simple("/redirect/302?to=file:///etc/passwd"),
  "a relative redirect": simple("/redirect/302?to=../b%3Fc"),
  "some redirects": simple("/loop?left=9"),
  "too many redirects": simple("/loop?left=30"),
  "a redirect that is read": simple("/redirect/302?to=/end", { redirect: "manual" }),
  "a redirect that is an error": simple("/redirect/302?to=/end", { redirect: "error" }),
  "no redirect, which would be an error": simple("/a", { redirect: "error" }),
  "a redirect that a Request reads": requesting(() => ({ redirect: "manual" })),
  "a form that is redirected": posting(formed),
  "a stream that is redirected": ({ fetch, url }) =>
    fetch(`${url}/redirect/307?to=/end`, {
      method: "POST",
      body: streamed("a"),
      ...half,
    }),
  "a stream that is left behind": ({ fetch, url }) =>
    fetch(`${url}/redirect/303?to=/end`, {
      method: "POST",
      body: streamed("a"),
      ...half,
    }),
  "a Request that is redirected": ({ fetch, url }) =>
    fetch(new Request(`${url}/redirect/308?to=/end`, { method: "PUT", body: "x" })),
  "credentials that another origin does not get": ({ fetch, url, other }) =>
    fetch(`${url}/redirect/302?to=${other}/end`, {
      headers: { authorization: "x", cookie: "a=b" },
    }),
  "credentials that the same origin gets": simple("/redirect/302?to=/end", {
    headers: { authorization: "x", cookie: "a=b" },
  }),

  // Signals
  "a signal that fired": simple("/a", { signal: AbortSignal.abort() }),
  "a signal that fired with a reason": simple("/a", { signal: AbortSignal.abort(reason) }),
  "a Request whose signal fired": requesting(() => ({ signal: AbortSignal.abort("so") })),
  "a Request and no signal": requesting(
    () => ({ signal: AbortSignal.abort("so") }),
    () => ({ signal: null }),
  ),
  "a signal that is none": simple("/a", { signal: {} }),
  "a signal that fired, and what is wrong besides": simple("/a", {
    signal: AbortSignal.abort(reason),
    body: "x",
  }),
  "an abort before the head": aborting("/silent", "arrived"),
  "an abort before the head with a reason": aborting("/silent", "arrived", reason),
  "an abort in the midst of content": aborting("/endless", "head"),
  "an abort in the midst of content with a reason": aborting("/endless", "head", reason),
  "a timeout": ({ fetch, url }) => fetch(`${url}/silent`, { signal: AbortSignal.timeout(50) }),
  "an abort while a piece is waited for": async ({ fetch, url }) => {
    const controller = new AbortController();
    const response = await fetch(`${url}/endless`, { signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    const next = reader?.read().catch(describeError);
    controller.abort(reason);
    return [await next, await reader?.closed.catch(describeError)];
  },
  "an abort that comes too late": async ({ fetch, url }) => {
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal });
    const text = await response.text();
    controller.abort();
    return text;
  },

  // Responses
  ...Object.fromEntries(
    [200, 201, 299, 400, 404, 418, 500, 599].map((status) => [
      `the status ${status}`,
      simple(`/status/${status}?content=x`),
    ]),
  ),
  ...Object.fromEntries(
    [204, 205, 304].map((status) => [`the status ${status}`, simple(`/status/${status}`)]),
  ),
  "an odd status": simple("/status/999?content=x"),
  "no content": simple("/status/200"),
  "fields of several lines": async ({ fetch, url }) => {
    const { headers } = await fetch(`${url}/cookies`);
    return [headers.get("x-own"), headers.getSetCookie(), headers.get("set-cookie")];
  },
  "coded content": simple("/gzip"),
  "content that is not coded as it says": simple("/gzip/1"),
  "content that is cut": simple("/cut"),
  "a connection that is reset": simple("/reset"),
  "no HTTP": simple("/garbage"),
  "nobody there": ({ fetch }) => fetch("http://127.0.0.1:1/"),
  "content in pieces": simple("/pieces"),
  JSON: async ({ fetch, url }) => (await fetch(url)).json(),
  "JSON that is none": async ({ fetch, url }) =>
    (await fetch(`${url}/pieces`)).json().catch((error: unknown) => (error as Error).name),
  "a form": async ({ fetch, url }) => [...(await (await fetch(`${url}/form`)).formData())],
  "a Blob": async ({ fetch, url }) => {
    const { type, size } = await (await fetch(`${url}/pieces`)).blob();
    return { type, size };
  },
  bytes: async ({ fetch, url }) => [...(await (await fetch(`${url}/pieces`)).bytes())],
  "a clone": async ({ fetch, url }) => {
    const response = await fetch(`${url}/redirect/302?to=/pieces`);
    const clone = response.clone();
    return [await describeOutcome(clone), await describeOutcome(response)];
  },
  "a clone too late": async ({ fetch, url }) => {
    const response = await fetch(`${url}/pieces`);
    await response.text();
    return response.clone();
  },
  "content that is read twice": async ({ fetch, url }) => {
    const response = await fetch(`${url}/pieces`);
    return [await response.text(), await response.text()];
  },
  "content that is read into a buffer": async ({ fetch, url }) => {
    const reader = (await fetch(`${url}/pieces`)).body?.getReader({ mode: "byob" });
    let all = "";
    for (;;) {
      const next = await reader?.read(new Uint8Array(3));
      if (!next || next.done) return all;
      all += new TextDecoder().decode(next.value);
    }
  },
  "content that is given up": async ({ fetch, url }) => {
    const { body } = await fetch(`${url}/endless`);
    await body?.cancel();
    const reader = body?.getReader();
    return (await reader?.read())?.done;
  },
  "content that is iterated": async ({ fetch, url }) => {
    const decoder = new TextDecoder();
    let all = "";
    for await (const piece of (await fetch(`${url}/pieces`)).body ?? [])
      all += decoder.decode(piece);
    return all;
  },
  "a response as the body of the next request": async ({ fetch, url }) => {
    const { body } = await fetch(`${url}/pieces`);
    return fetch(url, { method: "POST", body, ...half });
  },
  "a response made of one": async ({ fetch, url }) => {
    const response = await fetch(`${url}/status/404?content=x`);
    return new Response(response.body, response);
  },
  "content through a pipe": async ({ fetch, url }) => {
    const { body } = await fetch(`${url}/pieces`);
    return new Response(body?.pipeThrough(new TransformStream())).text();
  },
  "several at once": async ({ fetch, url }) => {
    const all = await Promise.all([1, 2, 3].map(() => fetch(`${url}/pieces`)));
    return Promise.all(all.map((response) => response.text()));
  },
};

const expected = new Map<string, Promise<unknown>>();

describe.each(transports)("over %s, toFetch does with", (_name, make) => {
  let session: Session;
  beforeAll(() => {
    // Fetch follows up to 20, and gives up at the first failure, whatever its connection did before.
    session = new Session({ transport: make(), redirect: { max: 20 }, retry: false });
  });
  afterAll(() => session.close({ force: true }));

  it.each(Object.entries(acts))("%s what Node's fetch does", async (name, act) => {
    if (!expected.has(name)) expected.set(name, told(act, fetch));
    const platform = await expected.get(name);
    expect(await told(act, toFetch(session))).toEqual(platform);
  });
});
