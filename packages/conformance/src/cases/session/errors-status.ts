/* Statuses of 400 and above: an error by default, with a response that stays readable and a connection that is free. */

import {
  afterContent,
  call,
  type Case,
  content,
  defineCase,
  expects,
  filler,
  head,
  type Kit,
  matching,
  type Observation,
  oneOf,
  read,
  refused,
  respond,
  sendFiller,
  sequence,
  stall,
  truncate,
} from "../../case.ts";

/** The response that a StatusError holds. */
function responseOf(kit: Kit, { error }: Observation): Awaited<ReturnType<Kit["session"]["get"]>> {
  const { response } = (error?.error ?? {}) as { response?: unknown };
  kit.check(response !== undefined, "an error that holds its response");
  return response as Awaited<ReturnType<Kit["session"]["get"]>>;
}

const statuses = [400, 401, 403, 404, 418, 429, 500, 503, 599];

/** Cases of `session/errors` about statuses. */
export const errorStatusCases: readonly Case[] = [
  defineCase({
    id: "session/errors/status-rejects",
    title: "a status of 400 or above must reject with a StatusError that names it",
    level: "must",
    spec: ["RFC 9110 §15"],
    origin: statuses.map((status) => respond(status, [], "", { reason: "Some Reason" })),
    perform: statuses.map((status) => call("GET", `of-${status}`)),
    expect: {
      calls: statuses.map((status) => ({
        status,
        url: `{main}of-${status}`,
        error: {
          name: "StatusError",
          code: "ERR_STATUS",
          phase: "response",
          requestSent: "yes",
          fields: { status },
          message: matching(new RegExp(`^GET \\S+of-${status}: .*${status}.*\\(ERR_STATUS\\)`)),
        },
      })),
    },
    hint: "check the policy of statuses",
  }),
  defineCase({
    id: "session/errors/status-below-400-resolves",
    title: "a status below 400 must resolve",
    level: "must",
    spec: ["RFC 9110 §15"],
    origin: [respond(200), respond(204), respond(226), respond(304), respond(399)],
    perform: ["a", "b", "c", "d", "e"].map((path) => call("GET", path)),
    expect: {
      calls: [200, 204, 226, 304, 399].map((status) => ({ status, ok: status < 300 })),
    },
    hint: "check where the policy of statuses begins",
  }),
  defineCase({
    id: "session/errors/throw-http-errors-false",
    title: "with throwHttpErrors: false every status must resolve",
    level: "must",
    origin: [respond(404, [], "not here"), respond(500, [], "broken")],
    perform: [
      call("GET", "a", { throwHttpErrors: false }),
      call("GET", "b", { throwHttpErrors: false }),
    ],
    expect: {
      calls: [
        { status: 404, ok: false, content: "not here" },
        { status: 500, ok: false, content: "broken" },
      ],
    },
    hint: "check that the option reaches the policy of statuses",
  }),
  defineCase({
    id: "session/errors/throw-http-errors-of-the-session",
    title: "throwHttpErrors of the session must hold unless a call says otherwise",
    level: "must",
    session: { throwHttpErrors: false },
    origin: [respond(404, [], "one"), respond(404, [], "two")],
    perform: [call("GET", "a"), call("GET", "b", { throwHttpErrors: true })],
    expect: { calls: [{ status: 404, content: "one" }, { error: { code: "ERR_STATUS" } }] },
    hint: "check how the option is merged",
  }),
  defineCase({
    id: "session/errors/status-content-stays-readable",
    title: "the response of a StatusError must stay readable, by each reader and more than once",
    level: "must",
    origin: [respond(422, [["content-type", "application/json"]], '{"field":"age"}')],
    async perform(kit) {
      const seen = await kit.call(call("POST", "a", { json: {} }));
      const response = responseOf(kit, seen);
      kit.note("json", await response.json());
      kit.note("text", await response.text());
      kit.note("type", response.headers.get("content-type"));
      return seen;
    },
    expect: {
      status: 422,
      error: { code: "ERR_STATUS" },
      facts: { json: { field: "age" }, text: '{"field":"age"}', type: "application/json" },
    },
    hint: "check that the content is kept when the error is made",
  }),
  defineCase({
    id: "session/errors/status-content-is-cut",
    title: "of the content of an error no more than errorContentLimit must be kept, and it be said",
    level: "must",
    origin: [respond(500, [], filler(5000)), respond(500, [], filler(1000))],
    session: { errorContentLimit: 1000 },
    async perform(kit) {
      const cut = await kit.call(call("GET", "a"));
      kit.note("cut", await responseOf(kit, cut).text());
      const whole = await kit.call(call("GET", "b"));
      kit.note("whole", await responseOf(kit, whole).text());
      return [cut, whole];
    },
    expect: {
      calls: [
        { error: { code: "ERR_STATUS", message: matching(/1000 bytes are kept/) } },
        { error: { code: "ERR_STATUS", message: matching(/^((?!bytes are kept).)*$/s) } },
      ],
      facts: { cut: filler(1000), whole: filler(1000) },
    },
    hint: "check that the limit is exact, and the cut part of the message",
  }),
  defineCase({
    id: "session/errors/status-content-limit-zero",
    title: "with errorContentLimit 0 nothing of the content must be kept",
    level: "must",
    origin: [respond(500, [], "abc")],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a", { errorContentLimit: 0 }));
      kit.note("text", await responseOf(kit, seen).text());
      return seen;
    },
    expect: { error: { code: "ERR_STATUS" }, facts: { text: "" } },
    hint: "check that 0 is not taken for nothing said",
  }),
  defineCase({
    id: "session/errors/status-gives-up-what-it-does-not-keep",
    title: "the content beyond errorContentLimit must be given up, and its connection closed",
    level: "must",
    requires: { responseStreaming: "streamed" },
    // What comes whole has come before it is too much.
    otherwise: expects({
      calls: [{ error: { code: "ERR_STATUS" } }, { status: 200, content: "next" }],
    }),
    origin: [
      sequence(afterContent(), head(500, [["content-length", "50000000"]]), sendFiller(50_000_000)),
      respond(200, [], "next"),
    ],
    session: { errorContentLimit: 1000, limits: { concurrency: 1 } },
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_STATUS" } }, { status: 200, content: "next" }],
      connections: [{ closed: oneOf("client-fin", "client-reset") }, {}],
    },
    hint: "check that reading stops at the limit",
  }),
  defineCase({
    id: "session/errors/status-frees-its-connection",
    title: "the connection of a StatusError should serve the next call",
    level: "should",
    requires: { connectionInfo: "exposed" },
    otherwise: {
      kind: "expects",
      expect: { calls: [{ error: { code: "ERR_STATUS" } }, { status: 200, content: "next" }] },
    },
    session: { limits: { concurrency: 1 } },
    origin: [respond(404, [], filler(10_000)), respond(200, [], "next")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: {
      calls: [{ error: { code: "ERR_STATUS" } }, { status: 200, content: "next" }],
      connections: 1,
    },
    hint: "check that the content is read to its end before the call rejects",
  }),
  defineCase({
    id: "session/errors/status-outlives-broken-content",
    title: "content that breaks off must not hide the status of an error",
    level: "must",
    origin: [truncate(503, 100, "broken")],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a"));
      const reading = await kit.observe(
        () => Promise.resolve(responseOf(kit, seen)) as never,
        read.text,
      );
      kit.note("reading", reading.error?.http);
      return seen;
    },
    expect: {
      status: 503,
      error: { code: "ERR_STATUS", fields: { status: 503 } },
      facts: { reading: true },
    },
    hint: "check that a failure of the content is left to whoever reads it",
  }),
  defineCase({
    id: "session/errors/status-content-that-stalls",
    title: "content of an error that stalls must end by timeout.read",
    level: "must",
    origin: [
      sequence(afterContent(), head(500, [["content-length", "10"]]), content("12345"), stall()),
    ],
    perform: call("GET", "a", { timeout: { read: 150 } }),
    expect: { error: { name: "TimeoutError", code: "ERR_TIMEOUT_READ" } },
    hint: "check that an end of the call comes before the status",
  }),
  defineCase({
    id: "session/errors/status-of-head",
    title: "an error status in response to HEAD must reject without content",
    level: "must",
    spec: ["RFC 9110 §9.3.2"],
    origin: [respond(404, [["content-length", "100"]])],
    async perform(kit) {
      const seen = await kit.call(call("HEAD", "a"));
      kit.note("text", await responseOf(kit, seen).text());
      return seen;
    },
    expect: { status: 404, error: { code: "ERR_STATUS" }, facts: { text: "" } },
    hint: "check that the content of HEAD is over with its head",
  }),
  defineCase({
    id: "session/errors/readers-reject-with-the-error",
    title: "a reader asked of the call itself must reject with the error of the call",
    level: "must",
    origin: [respond(404, [], "{}"), respond(404, [], "{}")],
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    async perform(kit) {
      const code = (promise: Promise<unknown>): Promise<unknown> =>
        promise.then(
          () => "no error",
          (error: unknown) => (error as { code?: unknown }).code,
        );
      kit.note("json", await code(kit.session.get("a").json()));
      kit.note("text", await code(kit.session.get("b").text()));
      const gone = kit.session.get(`${kit.urls["gone"]}c`).bytes();
      kit.note("gone", typeof (await code(gone)));
    },
    expect: { facts: { json: "ERR_STATUS", text: "ERR_STATUS", gone: "string" } },
    hint: "check that the readers of a ResponsePromise pass errors on",
  }),
];
