// The command line as a script sees it: a child process in a pipe, its output and its exit status.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Echo } from "@anyhttp/demo-library";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Origin, startOrigin } from "../src/origin/origin.ts";
import { transportNames } from "../src/transports.ts";
import { runDemo, startDemo } from "./run-demo.ts";

const folder = mkdtempSync(join(tmpdir(), "anyhttp-demo-test-"));
const demo = (args: readonly string[], input?: string) => runDemo(args, { input, cwd: folder });

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  writeFileSync(join(folder, "ca.pem"), origin.ca);
});
afterAll(async () => {
  await origin.stop();
  rmSync(folder, { recursive: true });
});

/** Runs the demo, expects success, and parses what came out. */
async function json(args: readonly string[], input?: string): Promise<Echo> {
  const { status, out, err } = await demo(args, input);
  expect({ status, err }).toEqual({ status: 0, err: "" });
  return JSON.parse(out.toString()) as Echo;
}

describe.concurrent("content in a pipe", { timeout: 30_000 }, () => {
  it.each(transportNames)("is exact and alone over %s", async (transport) => {
    const path = `${origin.http}/bytes/300000?seed=5`;
    const expected = Buffer.from(await (await fetch(path)).arrayBuffer());
    const { status, out, err } = await demo(["get", path, "--transport", transport]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out.equals(expected)).toBe(true);
  });

  it.each(transportNames)("comes over HTTPS with --ca over %s", async (transport) => {
    const ca = join(folder, "ca.pem");
    const url = `${origin.https}/get`;
    expect(await json(["get", url, "--ca", ca, "-t", transport])).toMatchObject({ url });
  });

  it("is saved with --output", async () => {
    const { status, out, err } = await demo(["get", `${origin.http}/bytes/2048`, "-o", "saved"]);
    expect({ status, out: out.toString() }).toEqual({ status: 0, out: "" });
    expect(err).toContain("2.0 KiB saved to saved");
    expect(readFileSync(join(folder, "saved"))).toHaveLength(2048);
  });

  it.each([["tour"], ["get"]])("may be left early by its reader: %s", async (command) => {
    const args = command === "get" ? ["get", `${origin.http}/bytes/90000000`] : ["tour"];
    const child = startDemo(args);
    let err = "";
    child.stderr.on("data", (piece: Buffer) => (err += piece.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const [status] = (await once(child, "close")) as [number];
    expect({ status, err }).toEqual({ status: 0, err: "" });
  });

  it("stays alone with --verbose: head and times go to standard error", async () => {
    const { status, out, err } = await demo(["get", `${origin.http}/get`, "--verbose"]);
    expect(status).toBe(0);
    expect(JSON.parse(out.toString()).url).toBe(`${origin.http}/get`);
    expect(err).toMatch(/^GET http[^]*HTTP\/1\.1 200 OK\ncontent-type: application\/json\n/i);
    expect(err).toMatch(/^connect +\d/m);
    expect(err).toMatch(/^firstByte +\d/m);
    expect(err).toMatch(/^total +\d/m);
  });
});

describe.concurrent("requests", { timeout: 30_000 }, () => {
  const anything = () => `${origin.http}/anything`;

  it("send JSON", async () => {
    const echo = await json(["post", anything(), "--json", '{"name":"Jack"}']);
    expect(echo).toMatchObject({ method: "POST", json: { name: "Jack" } });
    expect(echo.headers["Content-Type"]).toMatch(/^application\/json/);
  });

  it("send a form", async () => {
    const echo = await json(["put", anything(), "--form", "a=1", "--form", "a=2", "-f", "b=x=y"]);
    expect(echo).toMatchObject({ method: "PUT", form: { a: ["1", "2"], b: "x=y" } });
  });

  it.each(transportNames)("send a form with files, read while they are sent: %s", async (name) => {
    writeFileSync(join(folder, "photo.bin"), Uint8Array.of(255, 0));
    writeFileSync(join(folder, "large.txt"), "0123456789".repeat(100_000));
    const files = ["-f", "photo=@photo.bin", "-f", "text=@large.txt;type=text/plain"];
    const echo = await json(["post", anything(), "-f", "a=é", ...files, "--transport", name]);
    expect(echo.form).toEqual({ a: "é" });
    expect(echo.files["photo"]).toMatch(/base64,\/wA=$/);
    expect(echo.files["text"]).toBe("0123456789".repeat(100_000));
    expect(echo.headers["Content-Type"]).toMatch(/^multipart\/form-data; boundary=/);
    const length = Number(echo.headers["Content-Length"]);
    expect(name === "fetch" ? length || 1_000_500 : length).toBeGreaterThan(1_000_002);
  });

  it("send standard input as a file of a form", async () => {
    const echo = await json(["post", anything(), "-f", "a=@-;type=text/plain"], "piped");
    expect(echo.files).toEqual({ a: "piped" });
  });

  it("send text, a file, or standard input", async () => {
    writeFileSync(join(folder, "file.bin"), Uint8Array.of(255, 0));
    expect((await json(["patch", anything(), "--data", "text"])).data).toBe("text");
    expect((await json(["patch", anything(), "--data", "@file.bin"])).data).toMatch(
      /base64,\/wA=$/,
    );
    expect((await json(["patch", anything(), "--data", "@-"], "piped")).data).toBe("piped");
  });

  it("send headers, each of them", async () => {
    const echo = await json(["get", anything(), "--header", "X-A: 1", "-H", "X-B: a: b"]);
    expect(echo.headers).toMatchObject({ "X-A": "1", "X-B": "a: b" });
  });

  it("use any method", async () => {
    expect((await json(["delete", `${anything()}?a=b`])).args).toEqual({ a: "b" });
    expect(await json(["request", "PROPFIND", anything()])).toHaveProperty("method", "PROPFIND");
    const head = await demo(["head", anything(), "--verbose"]);
    expect({ status: head.status, out: head.out.length }).toEqual({ status: 0, out: 0 });
  });

  it("follow redirects, or show them with --no-redirect", async () => {
    const path = `${origin.http}/redirect/2`;
    expect((await json(["get", path])).url).toBe(`${origin.http}/get`);
    const { status, err } = await demo(["get", path, "--no-redirect", "-v"]);
    expect(status).toBe(0);
    expect(err).toContain("302 Found");
  });
});

describe.concurrent("policies", { timeout: 30_000 }, () => {
  const inside = { authenticated: true, user: "jack" };

  it.each(transportNames)(
    "authenticate: --user, --digest, --bearer, over %s",
    async (transport) => {
      const as = (path: string, ...flags: readonly string[]) =>
        json(["get", `${origin.http}${path}`, "-t", transport, ...flags]);
      expect(await as("/basic-auth/jack/a:b", "--user", "jack:a:b")).toEqual(inside);
      expect(await as("/digest-auth/auth/jack/x", "-u", "jack:x", "--digest")).toEqual(inside);
      expect(await as("/bearer", "--bearer", "abc")).toEqual({ authenticated: true, token: "abc" });
    },
  );

  it("authenticate in vain: status 3", async () => {
    const path = `${origin.http}/digest-auth/auth/jack/secret`;
    const { status, err } = await demo(["get", path, "--user", "jack:guess", "--digest"]);
    expect({ status, err }).toEqual({
      status: 3,
      err: "demo: the server answered 401 Unauthorized\n",
    });
  });

  it("send cookies, each of them", async () => {
    const echo = await json(["get", `${origin.http}/cookies`, "--cookie", "a=1", "-b", "b=x=y"]);
    expect(echo).toEqual({ cookies: { a: "1", b: "x=y" } });
  });

  it("try again, and tell of it: --retry, --trace", async () => {
    let asked = 0;
    const server = createHttpServer((_request, response) => {
      response.writeHead(++asked < 3 ? 503 : 200, { "retry-after": "0" }).end("content");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { status, out, err } = await demo(["get", url, "--retry", "2", "--trace"]);
    server.close();
    expect({ status, out: out.toString(), asked }).toEqual({ status: 0, out: "content", asked: 3 });
    const told = err.split("\n").map((line) => line.replace(/^ *[\d.]+ m?s {2}/, ""));
    expect(told.at(0)).toBe("call-begin");
    expect(told).toContain(`exchange-begin  1. GET ${url}`);
    expect(told).toContain(`exchange-begin  3. GET ${url}  attempt 3`);
    expect(told.filter((line) => /^retry {2}delay .+ {2}status 503$/.test(line))).toHaveLength(2);
    expect(told).toContain("head  status 200");
    expect(told.slice(-2)).toEqual(["call-end", ""]);
  });

  it("give up: --retry counts what is tried again", async () => {
    const path = `${origin.http}/status/503`;
    const { status, err } = await demo(["get", path, "--retry", "1", "--trace"]);
    expect(status).toBe(3);
    expect(err.match(/exchange-begin/g)).toHaveLength(2);
    expect(err).toMatch(/no-retry {2}why attempts/);
  });

  it("send content in a coding: --compress", async () => {
    const flags = ["--json", '{"a":1}', "--compress", "gzip"];
    const { status, out } = await demo(["post", `${origin.http}/post`, ...flags]);
    const { headers } = JSON.parse(out.toString()) as { headers: Record<string, string> };
    expect({ status, coding: headers["Content-Encoding"] }).toEqual({ status: 0, coding: "gzip" });
  });

  it("keep to a speed: --limit-rate", async () => {
    const began = performance.now();
    const path = `${origin.http}/bytes/150000`;
    const { status, out } = await demo(["get", path, "--limit-rate", "50k"]);
    expect({ status, bytes: out.length }).toEqual({ status: 0, bytes: 150_000 });
    expect(performance.now() - began).toBeGreaterThan(1000);
  });
});

describe.concurrent("exit status", { timeout: 30_000 }, () => {
  it("3: an error status, whose content is still printed", async () => {
    const { status, out, err } = await demo(["get", `${origin.http}/nowhere`]);
    expect(status).toBe(3);
    expect(JSON.parse(out.toString())).toEqual({ error: "nothing at /nowhere" });
    expect(err).toBe("demo: the server answered 404 Not Found\n");
  });

  it.each(transportNames)("4: no server at the address, over %s", async (transport) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { status, out, err } = await demo(["get", `http://127.0.0.1:${port}/`, "-t", transport]);
    expect(status).toBe(4);
    expect(out.length).toBe(0);
    expect(err).toMatch(/^demo: GET http:.*refused.* \(ERR_CONNECT_REFUSED\)\. .+\n$/);
  });

  it("4: content that breaks off", async () => {
    const { status, err } = await demo(["get", `${origin.http}/fault/truncated/100`]);
    expect(status).toBe(4);
    expect(err).toContain("(ERR_CONTENT_TRUNCATED)");
  });

  it.each(transportNames)("4: a certificate that nobody trusts, over %s", async (transport) => {
    const { status, err } = await demo(["get", `${origin.https}/get`, "-t", transport]);
    expect(status).toBe(4);
    expect(err).toContain("(ERR_TLS_UNTRUSTED)");
  });

  it("5: a time-out", async () => {
    const { status, err } = await demo(["get", `${origin.http}/delay/5`, "--timeout", "100"]);
    expect(status).toBe(5);
    expect(err).toContain("(ERR_TIMEOUT_TOTAL)");
  });

  it.each([
    [["get"], "missing required argument 'url'"],
    [["gte", "http://h/"], "unknown command 'gte'\n(Did you mean get?)"],
    [["get", "http://h/", "--jsno", "1"], "unknown option '--jsno'\n(Did you mean --json?)"],
    [["get", "http://h/", "-t", "curl"], "Allowed choices are undici, axios, node-fetch, fetch."],
    [["get", "not a url"], "'not a url' is not a whole URL: write http://… or https://…"],
    [["get", "localhost:8080"], "'localhost:8080' is not a whole URL"],
    [["get", "http://[/"], "(ERR_INVALID_URL)"],
    [["get", "ftp://host/"], "(ERR_INVALID_URL)"],
    [["get", "http://h/", "-H", "no colon"], "--header: write it as 'Name: value'"],
    [["get", "http://h/", "-H", "b ad: x"], "(ERR_INVALID_HEADER)"],
    [["get", "http://h/", "-H", "a: x\ny"], "(ERR_INVALID_HEADER)"],
    [["request", "G T", "http://h/"], "(ERR_INVALID_METHOD)"],
    [["post", "http://h/", "-d", "@none"], "--data: cannot read none: there is no such file"],
    [["post", "http://h/", "-d", "@."], "--data: cannot read .: it is a folder"],
    [["post", "http://h/", "-j", "{"], "--json: not valid JSON"],
    [["post", "http://h/", "-f", "x"], "--form: write it as name=value"],
    [["post", "http://h/", "-f", "a=@none"], "--form: cannot read none: there is no such file"],
    [["post", "http://h/", "-f", "a=@."], "--form: cannot read .: it is no regular file"],
    [["post", "http://h/", "-j", "1", "-d", "x"], "cannot be used with option"],
    [["post", "http://h/", "-f", "a=b", "-d", "x"], "cannot be used with option"],
    [["get", "http://h/", "--timeout", "soon"], "A whole number from 1."],
    [["get", "http://h/", "--retry", "0"], "A whole number from 1."],
    [["get", "http://h/", "--limit-rate", "0k"], "A whole number from 1, then k, M, G or nothing."],
    [["get", "http://h/", "--limit-rate", "fast"], "A whole number from 1, then k, M, G"],
    [["get", "http://h/", "--user", "jack"], "--user: write it as name:password"],
    [["get", "http://h/", "--digest"], "--digest: whose? Add --user name:password"],
    [["get", "http://h/", "-u", "a:b", "--bearer", "c"], "cannot be used with option"],
    [["get", "http://h/", "--bearer", "a b"], "(ERR_INVALID_OPTION)"],
    [["get", "http://h/", "--cookie", "a"], "--cookie: write it as name=value"],
    [["get", "http://h/", "--cookie", "a=b;c"], "(ERR_INVALID_OPTION)"],
    [["get", "https://h/", "--ca", "none.pem"], "--ca: cannot read none.pem"],
    [["tour", "--transport", "curl"], "Known transports: undici, axios, node-fetch, fetch."],
  ])("2: %j", async (args, said) => {
    const { status, out, err } = await demo(args);
    expect(err).toContain(said);
    expect({ status, out: out.toString() }).toEqual({ status: 2, out: "" });
  });

  it("0: --help, which tells the others", async () => {
    const { status, out } = await demo(["--help"]);
    expect(status).toBe(0);
    expect(out.toString()).toMatch(/Exit status:[^]*time-out/);
  });
});
