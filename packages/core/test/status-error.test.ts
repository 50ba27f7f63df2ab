import { describe, expect, it } from "vitest";
import { httpError, StatusError } from "../src/index.ts";
import { collected, failure, sessionOf } from "./support/session.ts";

async function statusError(call: PromiseLike<unknown>): Promise<StatusError> {
  const error = await failure(call);
  if (!(error instanceof StatusError)) throw new Error(`it is ${error.name}`);
  return error;
}

describe("a status of 400 or above", () => {
  it.each([200, 204, 299, 304, 399])("is not %i", async (status) => {
    expect((await sessionOf({ status }).session.get("x")).status).toBe(status);
  });

  it.each([400, 404, 418, 500, 503, 599, 600, 999])("is %i, and rejects", async (status) => {
    const { session } = sessionOf({ status, statusText: "Planned", content: "why" });
    const error = await statusError(session.get("x"));
    expect(error).toMatchObject({
      name: "StatusError",
      code: "ERR_STATUS",
      status,
      phase: "response",
      requestSent: "yes",
      request: { method: "GET", url: "http://origin.test/x" },
    });
    expect(error.message).toBe(
      `GET http://origin.test/x: the server answered ${status} Planned (ERR_STATUS). See error.response, or set throwHttpErrors: false.`,
    );
    expect(await error.response.text()).toBe("why");
  });

  it("does not reject with throwHttpErrors: false", async () => {
    const { session, transport } = sessionOf({ status: 500, content: "why", ending: "open" });
    const response = await session.get("x", { throwHttpErrors: false });
    expect([response.status, response.bodyUsed, transport.body.cancelled]).toEqual([500, false, 0]);
  });

  it("without a phrase is named by its number", async () => {
    expect((await statusError(sessionOf({ status: 500 }).session.get("x"))).message).toContain(
      "answered 500 (ERR_STATUS)",
    );
  });
});

describe("the response of a StatusError", () => {
  it("has been read, so that its connection is free, and stays readable by every reader any number of times", async () => {
    const { session } = sessionOf({
      status: 422,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      content: ["{}", "\n1"],
      trailers: ["a", "b"],
    });
    const { response } = await statusError(session.get("x"));
    expect([session.stats.active, response.bodyUsed]).toEqual([0, false]);
    expect([await response.text(), await response.text()]).toEqual(["{}\n1", "{}\n1"]);
    expect(await collected(response.ndjson())).toEqual([{}, 1]);
    expect(await collected(response.lines())).toEqual(["{}", "1"]);
    expect((await response.bytes()).constructor).toBe(Uint8Array);
    expect([(await response.arrayBuffer()).byteLength, (await response.blob()).size]).toEqual([
      4, 4,
    ]);
    expect([...(await response.formData())]).toEqual([["{}\n1", ""]]);
    expect(Buffer.concat(await collected(response)).toString()).toBe("{}\n1");
    expect(await new Response(response.body).text()).toBe("{}\n1");
    expect((await response.trailers)?.get("a")).toBe("b");
    response.discard();
    await response[Symbol.asyncDispose]();
    expect(await response.text()).toBe("{}\n1");
  });

  it("keeps as much as errorContentLimit, and the message says what is kept", async () => {
    const { session, transport } = sessionOf({
      status: 500,
      content: ["abc", "def"],
      ending: "open",
    });
    for (const [limit, kept] of [
      [4, "abcd"],
      [3, "abc"],
      [0, ""],
    ] as const) {
      const error = await statusError(session.get("x", { errorContentLimit: limit }));
      expect(error.message).toContain(`answered 500; of its content ${limit} bytes are kept`);
      expect(await error.response.text()).toBe(kept);
      expect([transport.body.cancelled, session.stats.active]).toEqual([1, 0]);
    }
  });

  it("that fits its limit exactly is whole", async () => {
    const { session } = sessionOf({ status: 500, content: ["abc", "def"] });
    expect((await statusError(session.get("x", { errorContentLimit: 6 }))).message).not.toContain(
      "kept",
    );
  });

  it("is bounded by its own limit alone", async () => {
    const { session } = sessionOf({ status: 500, content: "abcdef" });
    expect(
      await (await statusError(session.get("x", { maxResponseSize: 3 }))).response.text(),
    ).toBe("abcdef");
  });

  it("keeps 1 MiB by default", async () => {
    const { session } = sessionOf({ status: 500, content: [new Uint8Array(1_048_576), "x"] });
    const { message, response } = await statusError(session.get("x"));
    expect(message).toContain("1048576 bytes are kept");
    expect((await response.bytes()).byteLength).toBe(1_048_576);
  });

  it("whose content breaks off is a StatusError all the same, and reading it says why", async () => {
    const { session } = sessionOf({
      status: 500,
      content: "abc",
      ending: httpError("ERR_CONTENT_TRUNCATED"),
    });
    const { response } = await statusError(session.get("x"));
    expect(await failure(response.text())).toMatchObject({ code: "ERR_CONTENT_TRUNCATED" });
    expect(await failure(collected(response))).toMatchObject({ code: "ERR_CONTENT_TRUNCATED" });
    const coded = await statusError(
      sessionOf({ status: 500, headers: { "content-encoding": "none" }, content: "a" }).session.get(
        "x",
      ),
    );
    expect(await failure(coded.response.json())).toMatchObject({ code: "ERR_CONTENT_DECODE" });
  });

  it("whose content stalls ends as the stall does", async () => {
    const { session } = sessionOf({ status: 500, content: "abc", ending: "open" });
    expect(await failure(session.get("x", { timeout: { read: 20 } }))).toMatchObject({
      code: "ERR_TIMEOUT_READ",
    });
    expect(await failure(session.get("x", { timeout: { total: 20 } }))).toMatchObject({
      code: "ERR_TIMEOUT_TOTAL",
    });
    const signal = AbortSignal.timeout(20);
    expect(await failure(session.get("x", { signal }))).toMatchObject({ code: "ERR_ABORTED" });
  });

  it("whose content middleware has read keeps its status", async () => {
    const seen: string[] = [];
    const { session } = sessionOf(
      { status: 500, content: "abc" },
      {
        middleware: [
          async (request, next) => {
            const response = await next(request);
            seen.push(await response.text());
            return response;
          },
        ],
      },
    );
    const { response } = await statusError(session.get("x"));
    expect(seen).toEqual(["abc"]);
    expect(await failure(response.text())).toMatchObject({ code: "ERR_CONTENT_USED" });
  });
});
