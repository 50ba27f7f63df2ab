import { describe, expect, it } from "vitest";
import type { Progress, ResponsePromise } from "../src/index.ts";
import { collected, failure, sessionOf } from "./support/session.ts";

const big = new Uint8Array(300_000).fill(97);

/** What a listener was told. */
class Told {
  readonly all: Progress[] = [];
  readonly listener = (progress: Progress): void => void this.all.push(progress);

  get ends(): [first: Progress | undefined, last: Progress | undefined] {
    return [this.all[0], this.all.at(-1)];
  }
}

describe("upload progress", () => {
  it.each(["written", "handed-over"] as const)(
    "begins with 0 and ends with all where bytes are %s",
    async (uploadProgress) => {
      const told = new Told();
      const { session, transport } = sessionOf({}, {}, { capabilities: { uploadProgress } });
      await session.put("", { body: big, onUploadProgress: told.listener });
      expect(transport.last.request.trace.watchesUpload).toBe(uploadProgress === "written");
      expect(told.ends).toMatchObject([
        { transferred: 0, total: 300_000, ratio: 0, decoded: 0, attempt: 1 },
        { transferred: 300_000, total: 300_000, ratio: 1, eta: 0, decoded: 300_000, attempt: 1 },
      ]);
    },
  );

  it("changes nothing of how content is sent while nobody listens", async () => {
    const { session, transport } = sessionOf();
    await session.put("", { body: big });
    expect(transport.last.request.body).toBeInstanceOf(Uint8Array);
    expect(transport.last.request.trace.watchesUpload).toBe(false);
  });

  it("cuts content into pieces of its length while somebody does", async () => {
    const { session, transport } = sessionOf();
    await session.put("", { body: big, onUploadProgress: () => undefined });
    expect(transport.last.request.body).toMatchObject({ length: 300_000 });
    expect(transport.last.content).toEqual(Buffer.from(big));
  });

  it("begins anew with each retry and each redirect, and says so", async () => {
    const told = new Told();
    const steps = [{ status: 503 }, { status: 307, headers: { location: "b" } }, {}];
    const { session } = sessionOf(steps, { retry: { attempts: 2, backoff: 1 } });
    await session.put("a", { body: big, onUploadProgress: told.listener });
    const ends = told.all.filter(({ ratio }) => ratio === 0 || ratio === 1);
    expect(ends.map(({ attempt, ratio }) => [attempt, ratio])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [3, 0],
      [3, 1],
    ]);
  });

  it("knows no total of a stream until it is over", async () => {
    const told = new Told();
    const { session } = sessionOf();
    const body = new Blob([big]).stream();
    await session.put("", { body, onUploadProgress: told.listener });
    expect(told.ends[0]).toEqual({
      transferred: 0,
      bytesPerSecond: 0,
      decoded: 0,
      attempt: 1,
    });
    expect(told.ends[1]).toMatchObject({ transferred: 300_000, total: 300_000, ratio: 1 });
  });

  it("is told of no request without content, and of one whose content is empty", async () => {
    const told = new Told();
    const { session } = sessionOf({}, { onUploadProgress: told.listener });
    await session.get("");
    expect(told.all).toEqual([]);
    await session.post("", { body: "" });
    expect(told.all).toMatchObject([
      { transferred: 0, total: 0, ratio: 1, eta: 0 },
      { transferred: 0, total: 0, ratio: 1, eta: 0 },
    ]);
  });

  it("is told of nothing once the call was aborted while its content was made", async () => {
    const told = new Told();
    const { session, transport } = sessionOf();
    const controller = new AbortController();
    const made = Promise.withResolvers<string>();
    const call = session.put("", {
      body: () => made.promise,
      signal: controller.signal,
      onUploadProgress: told.listener,
    });
    controller.abort();
    await failure(call);
    made.resolve("too late");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([told.all, transport.requests]).toEqual([[], []]);
  });

  it("ends short of all where the call fails", async () => {
    const told = new Told();
    const { session } = sessionOf({ hang: "connected" });
    const timeout = { total: 20 };
    await failure(session.put("", { body: big, onUploadProgress: told.listener, timeout }));
    expect(told.all.map(({ ratio }) => ratio)).toEqual([0, 0]);
  });
});

describe("download progress", () => {
  const content = "a".repeat(1_000);

  it("begins with 0 when somebody reads, and ends with all", async () => {
    const told = new Told();
    const { session } = sessionOf({ content, headers: { "content-length": "1000" } });
    const response = await session.get("", { onDownloadProgress: told.listener });
    expect(told.all).toEqual([]);
    await response.text();
    expect(told.ends).toMatchObject([
      { transferred: 0, total: 1_000, ratio: 0, attempt: 1 },
      { transferred: 1_000, total: 1_000, ratio: 1, eta: 0, decoded: 1_000, attempt: 1 },
    ]);
  });

  it("knows no total without a length, until it is over", async () => {
    const told = new Told();
    const { session } = sessionOf({ content });
    await session.get("", { onDownloadProgress: told.listener }).bytes();
    expect(told.ends[0]).not.toHaveProperty("total", 1_000);
    expect(told.ends[1]).toMatchObject({ total: 1_000, ratio: 1 });
  });

  it("takes back a total that turns out wrong, and is never beyond 1", async () => {
    const told = new Told();
    const { session } = sessionOf({ content, headers: { "content-length": "10" } });
    await session.get("", { onDownloadProgress: told.listener }).bytes();
    expect(told.all.every(({ ratio = 0 }) => ratio <= 1)).toBe(true);
    expect(told.ends[1]).toMatchObject({ transferred: 1_000, total: 1_000, ratio: 1 });
  });

  it("is not told of content that nobody reads", async () => {
    const told = new Told();
    const steps = [{ status: 302, headers: { location: "b" }, content }, { content }];
    const { session } = sessionOf(steps, { onDownloadProgress: told.listener });
    await session.get("").text();
    expect(told.all.map(({ attempt }) => attempt)).toEqual([2, 2]);
  });

  it("of no total for HEAD, whose length is another's", async () => {
    const told = new Told();
    const { session } = sessionOf({ headers: { "content-length": "1000" } });
    await session.head("", { onDownloadProgress: told.listener }).text();
    expect(told.all).toMatchObject([{ transferred: 0 }, { transferred: 0, total: 0, ratio: 1 }]);
    expect(told.all[0]?.total).toBeUndefined();
  });
});

describe("a listener", () => {
  it("that throws or rejects harms nobody", async () => {
    const { session } = sessionOf({ content: "abc" });
    const onDownloadProgress = (): never => {
      throw new Error("the listener's own");
    };
    const onUploadProgress = (() => Promise.reject(new Error("the listener's own"))) as () => void;
    const options = { body: "x", onUploadProgress, onDownloadProgress };
    expect(await session.post("", options).text()).toBe("abc");
  });

  it("of a session is replaced by that of a call, or by false", async () => {
    const [theirs, mine] = [new Told(), new Told()];
    const { session } = sessionOf({ content: "abc" }, { onDownloadProgress: theirs.listener });
    await session.get("", { onDownloadProgress: mine.listener }).text();
    await session.get("", { onDownloadProgress: false }).text();
    expect([theirs.all.length, mine.all.length]).toEqual([0, 2]);
  });

  it("has to be a function", async () => {
    const { session } = sessionOf();
    for (const name of ["onUploadProgress", "onDownloadProgress"]) {
      const error = await failure(session.get("", { [name]: "x" }));
      expect(error.message).toContain(`the option ${name} is`);
    }
  });
});

describe("progress of a call", () => {
  const last = async (call: ResponsePromise, direction: "upload" | "download") =>
    (await collected(call.progress(direction))).at(-1);

  it("ends with the upload", async () => {
    const { session } = sessionOf({ content: "abc" });
    const call = session.put("", { body: big });
    expect(await last(call, "upload")).toMatchObject({ transferred: 300_000, ratio: 1 });
    expect(await call.text()).toBe("abc");
  });

  it("tells of a small Blob and a short stream as well", async () => {
    for (const make of [() => new Blob(["large"]), () => new Blob(["large"]).stream()]) {
      const call = sessionOf().session.put("", { body: make() });
      expect(await last(call, "upload")).toMatchObject({ transferred: 5, ratio: 1 });
    }
  });

  it("ends with the download", async () => {
    const { session } = sessionOf({ content: "abc" });
    const call = session.get("");
    const [progress, text] = await Promise.all([last(call, "download"), call.text()]);
    expect([progress, text]).toMatchObject([{ transferred: 3, ratio: 1 }, "abc"]);
  });

  it.each(["upload", "download"] as const)("ends where the call fails: %s", async (direction) => {
    const { session } = sessionOf({ error: new Error("no") });
    const call = session.put("", { body: big });
    const seen = last(call, direction);
    await failure(call);
    await seen;
    const { session: closed } = sessionOf();
    await closed.close();
    expect(await last(closed.get(""), direction)).toBeUndefined();
  });

  it("ends at once where everything is over", async () => {
    const { session } = sessionOf({ content: "abc" });
    const call = session.get("");
    await call.text();
    expect(await collected(call.progress("download"))).toEqual([]);
  });

  it("can be left, and by several at once", async () => {
    const { session } = sessionOf({ content: "abc" });
    const call = session.put("", { body: big });
    const first = call.progress("upload");
    const second = last(call, "upload");
    expect(await first.next()).toMatchObject({ done: false });
    expect(await first.return?.()).toEqual({ done: true, value: undefined });
    expect(await first.next()).toEqual({ done: true, value: undefined });
    expect(await second).toMatchObject({ ratio: 1 });
  });

  it("is of one of two directions", () => {
    const { session } = sessionOf();
    expect(() => session.get("").progress("both" as "upload")).toThrow(/direction/);
  });
});
