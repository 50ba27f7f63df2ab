import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { collected, failure, respondTo, sessionOf } from "./support/session.ts";

const digest = (
  algorithm: string,
  text: string,
  encoding: "base64" | "base64url" = "base64",
): string => `${algorithm}-${createHash(algorithm.toLowerCase()).update(text).digest(encoding)}`;
const right = digest("sha256", "content");
const wrong = digest("sha256", "other");

describe("integrity", () => {
  it.each([
    ["one digest", right],
    ["each algorithm", digest("sha384", "content")],
    ["each algorithm", digest("sha512", "content")],
    ["one of several", `${wrong} ${right}`],
    ["the strongest of several", `${wrong} ${digest("sha512", "content")}`],
    ["an algorithm in upper case", digest("SHA256", "content")],
    ["the alphabet of URLs, unpadded", digest("sha256", "content", "base64url")],
    ["options, which say nothing yet", `${right}?ct=text/plain`],
    ["an unknown algorithm beside a known one", `md5-abc ${right} sha1024-abc`],
    ["white space around and between", ` \t${right}\n\n${wrong} `],
  ])("is satisfied by %s", async (_what, integrity) => {
    expect(await (await respondTo({ content: "content" }, { integrity })).text()).toBe("content");
  });

  it.each([
    ["another digest", wrong],
    ["a weaker digest that fits", `${right} ${digest("sha384", "other")}`],
    ["a weaker digest that fits and comes last", `${digest("sha512", "other")} ${right}`],
  ])("is not satisfied by %s", async (_what, integrity) => {
    const response = await respondTo({ content: "content" }, { integrity });
    expect(await failure(response.text())).toMatchObject({
      name: "ContentError",
      code: "ERR_CONTENT_INTEGRITY",
      phase: "read",
      requestSent: "yes",
      retryable: false,
      request: { method: "GET", url: "http://origin.test/item" },
    });
  });

  it.each([
    ["nothing", ""],
    ["white space", "  "],
    ["only unknown algorithms", "md5-rL0Y20zC+Fzt72VPzMSk2A=="],
    ["a property of every object", "constructor-abc"],
    ["no digest", "sha256-"],
    ["a digest that is too short", "sha256-abc"],
    ["a digest of another algorithm's length", right.replace("256", "384")],
    ["characters that are not base64", `sha256-${"!".repeat(43)}=`],
    ["something malformed beside what is sound", `${right} nonsense`],
    ["a comma between", `${right},${wrong}`],
    ["a number", 5],
    ["a list", [right]],
    ["null", null],
  ])("refuses %s before anything is sent", async (_what, integrity) => {
    const { session, transport } = sessionOf({ content: "content" });
    const error = await failure(session.get("x", { integrity: integrity as string }));
    expect(error).toMatchObject({ code: "ERR_INVALID_OPTION", requestSent: "no" });
    expect(error.message).toContain("the option integrity");
    expect(transport.arrivals).toHaveLength(0);
  });

  it("is for calls, not for sessions", () => {
    expect(() => sessionOf({}, { integrity: right } as object)).toThrow("integrity is unknown");
  });

  it("lets nothing through before all of it has come", async () => {
    const seen: unknown[] = [];
    const response = await respondTo({ content: ["con", "tent"] }, { integrity: wrong });
    const error = await failure(async () => {
      for await (const piece of response) seen.push(piece);
    });
    expect([error.code, seen]).toEqual(["ERR_CONTENT_INTEGRITY", []]);
    const whole = await respondTo({ content: ["con", "tent"] }, { integrity: right });
    expect(Buffer.concat(await collected(whole)).toString()).toBe("content");
  });

  it("is said by each reader", async () => {
    for (const reader of [
      (call) => call.bytes(),
      (call) => call.arrayBuffer(),
      (call) => call.json(),
      (call) => call.blob(),
      (call) => call.formData(),
      (call) => collected(call.lines()),
      (call) => collected(call.ndjson()),
      async (call) => (await call).body.getReader().read(),
    ] as ((
      call: ReturnType<ReturnType<typeof sessionOf>["session"]["get"]>,
    ) => Promise<unknown>)[]) {
      const { session } = sessionOf({ content: "content" });
      expect(await failure(reader(session.get("x", { integrity: wrong })))).toMatchObject({
        code: "ERR_CONTENT_INTEGRITY",
      });
    }
  });

  it("holds within maxResponseSize", async () => {
    const options = { integrity: right, maxResponseSize: 6 };
    expect(
      await failure(collected(await respondTo({ content: "content" }, options))),
    ).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
    });
  });

  it("does not hold for the content of an error, which is another's", async () => {
    const { session } = sessionOf({ status: 404, content: "none" });
    const error = await failure(session.get("x", { integrity: right }));
    expect(error.code).toBe("ERR_STATUS");
    expect(await (error["response"] as Response).text()).toBe("none");
  });

  it("takes content once, and stays silent where nobody asks", async () => {
    const response = await respondTo({ content: "content" }, { integrity: wrong });
    const iterator = response[Symbol.asyncIterator]();
    expect(await failure(response.text())).toMatchObject({ code: "ERR_CONTENT_USED" });
    expect(await failure(iterator.next())).toMatchObject({ code: "ERR_CONTENT_INTEGRITY" });
  });
});
