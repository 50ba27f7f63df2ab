/* Which failures are worth another attempt, of which methods: the origin counts how often a request was executed. */

import {
  afterContent,
  type Answer,
  atLeast,
  call,
  type Case,
  content,
  defineCase,
  gate,
  head,
  oneOf,
  raw,
  refused,
  reset,
  close,
  respond,
  sequence,
  stall,
} from "../../case.ts";
import { eachAttempt, leadingAstray, retry } from "./retry-parts.ts";

const idempotent = ["GET", "HEAD", "PUT", "DELETE"] as const;
const others = ["POST", "PATCH"] as const;
const withContent = (method: string) => (method.startsWith("P") ? { body: "content" } : {});
const sent = (method: string) => ({ method, content: method.startsWith("P") ? "content" : "" });

/** What fails in a passing way after the request has left, each with the options that make it fail. */
const failures: readonly (readonly [name: string, how: string, answer: Answer, timeout: object])[] =
  [
    ["reset", "the connection was reset", sequence(afterContent(), reset()), {}],
    ["end", "the connection was closed", sequence(afterContent(), close()), {}],
    [
      "half-head",
      "the head broke off",
      sequence(afterContent(), raw("HTTP/1.1 200 OK\r\nx-a"), close()),
      {},
    ],
    ["silence", "no response came", stall(), { timeout: { connect: 500, response: 500 } }],
    ["slowness", "an attempt took too long", stall(), { timeout: { attempt: 700 } }],
    ["status", "the server was unavailable", respond(503, [], "busy"), {}],
  ];

const repeated = failures.flatMap(([name, how, answer, timeout]) =>
  idempotent.map((method) =>
    defineCase({
      id: `session/retry/${method.toLowerCase()}-after-${name}`,
      title: `${method} must be sent again after ${how}, content included`,
      level: "must",
      spec: ["RFC 9110 §9.2.2"],
      catalogue: ["F-RTY-01"],
      origin: [answer, respond(200, [], method === "HEAD" ? "" : "done")],
      perform: call(method, "a", { ...withContent(method), ...retry(2), ...timeout }),
      expect: {
        status: 200,
        content: method === "HEAD" ? "" : "done",
        arrivals: [
          { ...sent(method), connection: 1 },
          // What has failed cannot be trusted with another request; a whole response leaves its connection free.
          { ...sent(method), complete: true, ...(name !== "status" && { connection: atLeast(2) }) },
        ],
      },
      ...(name === "silence" || name === "slowness" ? { exclusive: true } : {}),
      hint: "check that the failure is of a passing kind, and that the connection is not used again",
    }),
  ),
);

const left = failures.flatMap(([name, how, answer, timeout]) =>
  others.map((method) =>
    defineCase({
      id: `session/retry/${method.toLowerCase()}-after-${name}`,
      title: `${method} must not be sent again after ${how}: it may have been executed`,
      level: "must",
      spec: ["RFC 9110 §9.2.2"],
      catalogue: ["F-RTY-01"],
      origin: [answer],
      perform: call(method, "a", { ...withContent(method), ...retry(3), ...timeout }),
      expect: {
        error:
          name === "status"
            ? { code: "ERR_STATUS", fields: { status: 503 } }
            : { requestSent: oneOf("maybe", "yes"), retryable: false, attempt: 1 },
        arrivals: [sent(method)],
      },
      ...(name === "silence" || name === "slowness" ? { exclusive: true } : {}),
      hint: "check that nothing below core sends again by itself, and what counts as idempotent",
    }),
  ),
);

const never = [
  ["status", "a status that is no passing failure", respond(404), { code: "ERR_STATUS" }],
  [
    "broken-head",
    "a response that is not HTTP",
    sequence(afterContent(), raw("HTP/1.1 200 OK\r\n\r\n"), close()),
    {},
  ],
] as const;

/** Cases of `session/retry` about failures. */
export const retryFailureCases: readonly Case[] = [
  ...repeated,
  ...left,
  ...never.map(([name, what, answer, error]) =>
    defineCase({
      id: `session/retry/not-after-a-lasting-${name}`,
      title: `a request must not be sent again after ${what}`,
      level: "must",
      catalogue: ["F-RTY-01"],
      requires: { failureDetail: "phased" },
      otherwise: { kind: "not-applicable", capability: "failureDetail" },
      origin: [answer],
      perform: call("GET", "a", retry(3)),
      expect: { error: { ...error, retryable: false, attempt: 1 }, arrivals: 1 },
      hint: "check which codes are of a passing kind",
    }),
  ),
  ...(["GET", "POST"] as const).map((method) =>
    defineCase({
      id: `session/retry/${method.toLowerCase()}-that-never-left`,
      title: `${method} must be tried again if no connection was made, as often as was said`,
      level: "must",
      catalogue: ["F-RTY-01"],
      requires: { failureDetail: "phased" },
      otherwise: {
        kind: "expects",
        expect: { facts: { tried: method === "GET" ? 3 : 1 }, arrivals: 0 },
      },
      doors: { gone: refused() },
      origin: [],
      async perform(kit) {
        let tried = 0;
        const session = kit.makeSession({
          ...retry(3),
          allowOtherOrigins: true,
          middleware: [eachAttempt((number) => (tried = number))],
        });
        const options = withContent(method);
        const seen = await kit.observe(() =>
          session.request(method, `${kit.urls["gone"]}a`, options),
        );
        kit.note("tried", tried);
        kit.note("error", seen.error?.code);
        kit.note("sent", seen.error?.requestSent);
        kit.note("attempt", seen.error?.attempt);
      },
      expect: {
        facts: { tried: 3, error: "ERR_CONNECT_REFUSED", sent: "no", attempt: 3 },
        arrivals: 0,
      },
      hint: "check that requestSent is looked at before the method",
    }),
  ),
  defineCase({
    id: "session/retry/content-that-breaks-off-is-the-callers",
    title: "a response must not be asked for again once the caller has it",
    level: "must",
    catalogue: ["F-RTY-01", "F-RTY-03"],
    origin: [
      sequence(
        afterContent(),
        head(200, [["content-length", "10"]]),
        content("12345"),
        gate("go"),
        close(),
      ),
    ],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a", retry(3)), "the head");
      const seen = kit.observe(() => Promise.resolve(response) as never);
      await kit.origin.open("go");
      return seen;
    },
    expect: { status: 200, error: { code: "ERR_CONTENT_TRUNCATED" }, arrivals: 1 },
    hint: "check that the retry ends with the head of the response",
  }),
  defineCase({
    id: "session/retry/another-connection-each-time",
    title: "each attempt after a lost connection must have a new one, and the last loss be told",
    level: "must",
    catalogue: ["F-RTY-01"],
    origin: [1, 2, 3].map(() => sequence(afterContent(), reset())),
    perform: call("PUT", "a", { body: "content", ...retry(3) }),
    expect: {
      error: { attempt: 3, requestSent: "maybe", retryable: true },
      arrivals: [1, 2, 3].map((connection) => ({ connection, content: "content" })),
      connections: [1, 2, 3].map(() => ({ closed: "origin-reset" })),
    },
    hint: "check that a connection that has failed leaves the pool",
  }),
  defineCase({
    id: "session/retry/what-was-sent-stays-sent",
    title: "an error after an attempt that may have been seen must not say that nothing was sent",
    level: "must",
    catalogue: ["F-RTY-01"],
    requires: { failureDetail: "phased" },
    otherwise: { kind: "not-applicable", capability: "failureDetail" },
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    origin: [sequence(afterContent(), reset())],
    async perform(kit) {
      const session = kit.makeSession({
        ...retry(2),
        middleware: [leadingAstray(2, `${kit.urls["gone"]}a`)],
      });
      const headers = { "idempotency-key": '"k"' };
      return kit.observe(() => session.post("a", { body: "x", headers }));
    },
    expect: {
      error: { code: "ERR_CONNECT_REFUSED", requestSent: "maybe", retryable: false, attempt: 2 },
      arrivals: 1,
    },
    hint: "check that requestSent is of the call, not of its last attempt",
  }),
];
