import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventSourceOptions, ServerSentEvent } from "../src/index.ts";
import { holds, patience } from "./support/generated.ts";
import { readable } from "./support/readable.ts";
import { type Answer, type ScriptedTransport } from "./support/scripted-transport.ts";
import { collected, failure, respondTo, sessionOf, turns } from "./support/session.ts";

const encoder = new TextEncoder();
const type = "text/event-stream";
const stream = (content: NonNullable<Answer["content"]>, more: Answer = {}): Answer => ({
  headers: { "content-type": type },
  content,
  ...more,
});

const eventsOf = (text: string, maxLength?: number): Promise<ServerSentEvent[]> =>
  collected(readable([encoder.encode(text)], type).events({ maxLength }));

/** HTML §9.2.6, written for nothing but to be read beside it. */
function reference(text: string): ServerSentEvent[] {
  const found: ServerSentEvent[] = [];
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  lines.pop();
  let data = "";
  let event = "";
  let id = "";
  for (const line of lines) {
    if (line === "") {
      if (data !== "") {
        found.push({
          type: event === "" ? "message" : event,
          data: data.slice(0, -1),
          lastEventId: id,
        });
      }
      data = event = "";
      continue;
    }
    if (line.startsWith(":")) continue;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "event") event = value;
    if (field === "data") data += `${value}\n`;
    if (field === "id" && !value.includes("\0")) id = value;
  }
  return found;
}

describe("server-sent events", () => {
  it.each<[string, string, [type: string, data: string, id: string][]]>([
    ["data", "data: a\n\n", [["message", "a", ""]]],
    ["several lines of data", "data: a\ndata\ndata:b\n\n", [["message", "a\n\nb", ""]]],
    ["a type, for one event", "event: x\ndata: a\n\ndata: b\n\n", [["x", "a", ""], ["message", "b", ""]]],
    ["an id, for all that follow", "id: 1\ndata: a\n\ndata: b\n\n", [["message", "a", "1"], ["message", "b", "1"]]],
    ["an id that is taken back", "id: 1\ndata: a\n\nid\ndata: b\n\n", [["message", "a", "1"], ["message", "b", ""]]],
    ["no id with NUL in it", "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", [["message", "a", "1"], ["message", "b", "1"]]],
    ["an id without data", "id: 1\n\ndata: b\n\n", [["message", "b", "1"]]],
    ["nothing without data", "event: x\nid: 1\n\n\n\n", []],
    ["empty data", "data\n\ndata:\n\ndata: \n\n", [["message", "", ""], ["message", "", ""], ["message", "", ""]]],
    ["nothing that the end cuts off", "data: a\n\ndata: b\n", [["message", "a", ""]]],
    ["nothing whose empty line has no end", "data: a\n\ndata: b", [["message", "a", ""]]],
    ["nothing of comments", ":data: a\n: b\n:\ndata: c\n\n", [["message", "c", ""]]],
    ["nothing of unknown fields", "datas: a\n data: b\nData: c\ndata : d\nfoo\n\n", []],
    ["one space less", "data:  a \n\n", [["message", " a ", ""]]],
    ["colons in values", "data: a: b:\n\n", [["message", "a: b:", ""]]],
    ["each end of a line", "data: a\r\rdata: b\r\n\r\ndata: c\r\n\ndata: d\n\r\n", [["message", "a", ""], ["message", "b", ""], ["message", "c", ""], ["message", "d", ""]]],
    ["a byte order mark, once", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n", [["message", "a", ""]]],
    ["other line separators as data", "data: a\u2028b\u0085c\v\n\n", [["message", "a\u2028b\u0085c\v", ""]]],
  ])("give %s", async (_what, text, found) => {
    const events = await eventsOf(text);
    expect(events.map(({ type: name, data, lastEventId }) => [name, data, lastEventId])).toEqual(found);
    expect(reference(text)).toEqual(events);
  }); // prettier-ignore

  it("are what the specification makes of any text in any slices", patience, () => {
    const scrap = fc.constantFrom("data", "event", "id", "retry", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "a", "é😀", "\0", "\uFEFF", "1"); // prettier-ignore
    return holds(
      500,
      fc.asyncProperty(
        fc.array(scrap, { maxLength: 60 }).map((all) => all.join("")),
        fc.array(fc.nat(200), { maxLength: 8 }),
        async (text, cuts) => {
          const bytes = encoder.encode(text);
          const ends = [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].toSorted(
            (a, b) => a - b,
          );
          const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
          expect(await collected(readable(pieces, type).events())).toEqual(reference(text));
        },
      ),
    );
  });

  it("forget the id of an event that the end cuts off", async () => {
    const { session, transport } = sessionOf([
      stream("id: 1\ndata: a\n\nid: 2\ndata: b\n"),
      stream("id: \u0001\ndata: c\n\n"),
    ]);
    const events = session.get("x").events({ reconnect: { delay: 1 } });
    expect([(await events.next()).value, (await events.next()).value]).toMatchObject([
      { lastEventId: "1" },
      { lastEventId: "\u0001" },
    ]);
    expect(transport.last.fields["last-event-id"]).toBe("1");
    // What no field can hold cannot be resumed behind.
    expect(await failure(events.next())).toMatchObject({
      code: "ERR_INVALID_HEADER",
      request: { url: "http://origin.test/x" },
    });
  });

  it("come as soon as their empty line has", async () => {
    const { session, transport } = sessionOf(stream(["data: a\r\r"], { ending: "open" }));
    const events = session.get("x").events();
    expect((await events.next()).value).toMatchObject({ data: "a" });
    await events.return();
    expect(transport.body.cancelled).toBe(1);
  });

  it("are UTF-8, whatever the charset says and the mark looks like", async () => {
    const bytes = encoder.encode("data: é\n\n");
    const found = await collected(readable([bytes], `${type}; charset=utf-16le`).events());
    expect(found).toMatchObject([{ data: "é" }]);
    const marked = Uint8Array.of(0xff, 0xfe, ...bytes);
    expect(await collected(readable([marked], type).events())).toEqual([]);
  });

  it.each([
    ["a line", `data: ${"a".repeat(100)}`],
    ["an event", "data: 0123456\n".repeat(20)],
    ["empty data", "data\n".repeat(200)],
  ])("are bounded: %s", async (_what, text) => {
    expect(await failure(eventsOf(text, 100))).toMatchObject({ code: "ERR_CONTENT_TOO_LARGE" });
  });

  it("of exactly the limit are events still", async () => {
    expect(await eventsOf("data: 01\ndata: 34\n\n".repeat(9), 8)).toHaveLength(9);
    expect(await failure(eventsOf("data: 01\ndata: 345\n\n", 8))).toMatchObject({
      code: "ERR_CONTENT_TOO_LARGE",
    });
  });

  it.each([
    ["another type", 200, "text/plain"],
    ["no type", 200, ""],
    ["a type that only begins alike", 200, "text/event-streams"],
    ["another status", 201, type],
    ["a partial one", 206, type],
  ])("are not those of %s", async (_what, status, contentType) => {
    const answer = { status, headers: { "content-type": contentType }, content: "data: a\n\n" };
    const { session, transport } = sessionOf({ ...answer, ending: "open" });
    expect(await failure(session.get("x").events().next())).toMatchObject({
      name: "ParseError",
      code: "ERR_PARSE_EVENTS",
      issues: [],
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([transport.body.started, session.stats.active]).toEqual([true, 1]);
    await session.close({ force: true });
    expect(
      await collected(
        (
          await respondTo({
            status: 200,
            headers: { "content-type": "Text/Event-Stream ;charset=x" },
          })
        ).events(),
      ),
    ).toEqual([]);
  });

  it("are none of a 204", async () => {
    expect(await collected((await respondTo({ status: 204 })).events())).toEqual([]);
  });

  it("take the content once", async () => {
    const response = await respondTo(stream("data: a\n\n"));
    await response.text();
    expect(await failure(response.events().next())).toMatchObject({ code: "ERR_CONTENT_USED" });
  });

  it.each<[object]>([[{ maxLength: 0 }], [{ maxlength: 5 }], [{ reconnect: true }]])(
    "of a response refuse the options %j, and free its slot",
    async (options) => {
      const { session } = sessionOf(stream("data: a\n\n"));
      const response = await session.get("x");
      expect(await failure(response.events(options).next())).toMatchObject({
        code: "ERR_INVALID_OPTION",
      });
      expect(session.stats.active).toBe(0);
    },
  );
});

describe("events that are asked for again", () => {
  const quick = { delay: 1 };
  const ids = ({ arrivals }: ScriptedTransport): (string | undefined)[] =>
    arrivals.map(({ fields }) => fields["last-event-id"]);
  const take = async (
    steps: readonly Answer[],
    options: EventSourceOptions = { reconnect: quick },
  ): Promise<{ data: string[]; transport: ScriptedTransport; error: unknown }> => {
    const { session, transport } = sessionOf(steps, { headers: { authorization: "x" } });
    const data: string[] = [];
    let error: unknown;
    try {
      for await (const event of session.get("x", { params: { a: 1 } }).events(options))
        data.push(event.data);
    } catch (caught) {
      error = (caught as { code?: unknown }).code ?? caught;
    }
    await session.close();
    return { data, transport, error };
  };

  it("come from the same call, behind the last event, until there is no content", async () => {
    const { data, transport, error } = await take([
      stream("id: 1\ndata: a\n\nid: 2\ndata: lost\n"),
      stream("data: b\n\n"),
      stream("id: é\ndata: c\n\n"),
      stream("id\ndata: d\n\n"),
      { status: 204 },
    ]);
    expect([data, error]).toEqual([["a", "b", "c", "d"], undefined]);
    expect(ids(transport)).toEqual([undefined, "1", "1", "\u00c3\u00a9", undefined]);
    expect(transport.arrivals.map(({ path, fields }) => [path, fields["authorization"]])).toEqual(
      Array.from({ length: 5 }, () => ["/x?a=1", "x"]),
    );
  });

  it("are asked for again after what passes, and not after what stays", async () => {
    const passing = await take([{ error: Object.assign(new Error("x"), {}) }]);
    expect(passing.error).toBe("ERR_TRANSPORT");
    const { httpError } = await import("../src/index.ts");
    const lost = await take([
      { error: httpError("ERR_CONNECT_REFUSED") },
      stream("data: a\n\n", { ending: httpError("ERR_CONTENT_TRUNCATED") }),
      stream("data: b\n\n"),
      { status: 500 },
      stream("data: never\n\n"),
    ]);
    expect([lost.data, lost.error]).toEqual([["a", "b"], "ERR_STATUS"]);
    const other = await take([stream("data: a\n\n"), { content: "x" }]);
    expect([other.data, other.error]).toEqual([["a"], "ERR_PARSE_EVENTS"]);
  });

  it("begin behind the event that the caller names", async () => {
    const { session, transport } = sessionOf([stream("data: a\n\n"), { status: 204 }]);
    const call = session.get("x", { headers: { "last-event-id": "7" } });
    const found = await collected(call.events({ reconnect: quick }));
    expect([found, ids(transport)]).toEqual([
      [{ type: "message", data: "a", lastEventId: "7" }],
      ["7", "7"],
    ]);
  });

  it("end after so many times in a row without any", async () => {
    const { httpError } = await import("../src/index.ts");
    const refused = { error: httpError("ERR_CONNECT_REFUSED") };
    const options = { reconnect: { delay: 1, attempts: 2 } };
    const failed = await take(
      [refused, refused, stream("data: a\n\n"), refused, refused, refused],
      options,
    );
    expect([failed.data, failed.error, failed.transport.requests.length]).toEqual([
      ["a"],
      "ERR_CONNECT_REFUSED",
      5,
    ]);
    const ended = await take([stream("")], options);
    expect([ended.data, ended.error, ended.transport.requests.length]).toEqual([[], undefined, 3]);
  });

  it("keep what middleware has added from adding up", async () => {
    const { session, transport } = sessionOf(
      [stream("data: a\n\n"), stream("data: b\n\n"), { status: 204 }],
      {
        middleware: [(request, next) => (request.headers.append("x-own", "1"), next(request))],
      },
    );
    await collected(session.get("x").events({ reconnect: quick }));
    expect(
      transport.arrivals.map(({ lines }) => lines.filter((one) => one === "x-own").length),
    ).toEqual([1, 1, 1]);
  });

  it("hold no slot while they wait, and wait no longer than the call", async () => {
    for (const end of ["abort", "close", "force"] as const) {
      const controller = new AbortController();
      const { session } = sessionOf(stream("data: a\n\n"), { limits: { concurrency: 1 } });
      const events = session
        .get("x", { signal: controller.signal })
        .events({ reconnect: { delay: 60_000 } });
      await events.next();
      const waiting = failure(events.next());
      await turns(5);
      expect(session.stats.active).toBe(0);
      if (end === "abort") controller.abort(new Error("own"));
      else await session.close({ force: end === "force" });
      const { code, cause } = await waiting;
      expect([code, (cause as Error | undefined)?.message]).toEqual(
        end === "abort" ? ["ERR_ABORTED", "own"] : ["ERR_SESSION_CLOSED", undefined],
      );
    }
  });

  it("are left at once, whatever they wait for", async () => {
    const never = new Promise<void>(() => undefined);
    for (const [what, answer] of [
      ["the head", { after: never }],
      ["the next event", stream("data: a\n\ndata: b", { ending: "open" })],
      ["the next connection", stream("data: a\n\n")],
    ] as const) {
      const { session, transport } = sessionOf(answer);
      const events = session.get("x").events({ reconnect: { delay: 60_000 } });
      if (what !== "the head") await events.next();
      const waiting = events.next();
      await turns(5);
      const left = await Promise.all([events.return(), waiting]);
      expect(left).toEqual(Array.from({ length: 2 }, () => ({ done: true })));
      await turns(5);
      expect([what, session.stats.active, transport.requests.length]).toEqual([
        what,
        what === "the head" ? 1 : 0,
        1,
      ]);
      await session.close({ force: true });
    }
  });

  it("that nobody has begun to read are given up when they are left", async () => {
    const { session } = sessionOf(stream("data: a\n\n"));
    await session.get("x").events({ reconnect: quick }).return();
    await turns(5);
    expect(session.stats.active).toBe(0);
    const refused = session.get("http://:", {}).lines();
    await refused.return();
  });

  it("need content that can be sent again", async () => {
    const { session } = sessionOf([stream("data: a\n\n"), stream("data: b\n\n"), { status: 204 }]);
    const once = session.post("x", { body: new Blob(["x"]).stream() }).events({ reconnect: quick });
    expect(await failure(once.next())).toMatchObject({ code: "ERR_INVALID_OPTION" });
    const again = session.post("x", { body: () => new Blob(["x"]).stream() });
    expect(await collected(again.events({ reconnect: quick }))).toHaveLength(1);
  });

  it("wait as long as the server says, and longer after each time in vain", async () => {
    const began = performance.now();
    const { data } = await take(
      [
        stream("retry: 60\nretry: 1x\nretry:\ndata: a\n\n"),
        stream(""),
        stream("data: b\n\n"),
        { status: 204 },
      ],
      { reconnect: { delay: 60_000 } },
    );
    const elapsed = performance.now() - began;
    expect(data).toEqual(["a", "b"]);
    // 60, then 120, then 60.
    expect(elapsed).toBeGreaterThan(235);
    expect(elapsed).toBeLessThan(5000);
  });

  it.each<[object]>([
    [{ reconnect: 5 }],
    [{ reconnect: { delay: 0 } }],
    [{ reconnect: { attempts: 0 } }],
    [{ reconnect: { dely: 5 } }],
  ])("refuse %j", async (options) => {
    const { session } = sessionOf(stream("data: a\n\n"));
    expect(await failure(session.get("x").events(options).next())).toMatchObject({
      code: "ERR_INVALID_OPTION",
    });
    expect(session.stats.active).toBe(0);
  });

  it("fail like the call where it was refused", async () => {
    const { session } = sessionOf();
    expect(await failure(session.get("http://[").events({ reconnect: true }).next())).toMatchObject(
      { code: "ERR_INVALID_URL" },
    );
  });
});
