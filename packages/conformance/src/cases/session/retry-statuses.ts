/* Statuses that are worth another attempt, how long to wait for it, and what becomes of the responses in between. */

import type { HttpResponse, Middleware, StatusError } from "@anyhttp/core";
import {
  afterContent,
  always,
  type Answer,
  atLeast,
  between,
  call,
  type Case,
  content,
  defineCase,
  expects,
  head,
  read,
  respond,
  sendFiller,
  sequence,
  stall,
  trickle,
} from "../../case.ts";
import { retry } from "./retry-parts.ts";

const done = respond(200, [], "done");
const busy = respond(503, [], "busy");
const asking = (value: string, status = 503): Answer => respond(status, [["retry-after", value]]);
const waits = async (response: HttpResponse) => response.attempts.map(({ delay }) => delay);

/** What `retry-after` says, and how long that is; the wait is the next attempt's, back-off being none. */
const asked: readonly (readonly [name: string, value: string, delay: number])[] = [
  ["zero", "0", 0],
  ["a-second", "1", 1000],
  ["a-date-that-has-passed", "Sun, 06 Nov 1994 08:49:37 GMT", 0],
  ["a-date-of-rfc-850", "Sunday, 06-Nov-94 08:49:37 GMT", 0],
  ["a-date-of-asctime", "Sun Nov  6 08:49:37 1994", 0],
  ["a-word", "soon", 0],
  ["a-word-and-a-year", "Not before 2099", 0],
  ["a-fraction", "1.5", 0],
  ["a-negative-number", "-1", 0],
  ["a-date-of-another-kind", "2099-01-01", 0],
  ["two-values", "1, 2", 0],
  ["nothing", "", 0],
];

const tooLong = [
  ["more-than-max-delay", "31"],
  ["a-number-without-end", "9".repeat(400)],
  ["a-far-date", "Thu, 31 Dec 2099 23:59:59 GMT"],
] as const;

/** Gives the response of the first attempt this field. */
const saying = (value: () => string): Middleware => {
  let count = 0;
  return {
    scope: "attempt",
    async handle(request, next) {
      const response = await next(request);
      if (count++ === 0) response.headers.set("retry-after", value());
      return response;
    },
  };
};

/** Content of a failed try, which nobody reads, and how many connections it takes to go on. */
const unread: readonly (readonly [name: string, answer: Answer, connections: number])[] = [
  ["none", respond(503), 1],
  ["short", respond(503, [], "busy"), 1],
  [
    "long",
    sequence(afterContent(), head(503, [["content-length", "8000000"]]), sendFiller(8_000_000)),
    2,
  ],
  ["stalled", sequence(afterContent(), head(503, [["content-length", "9"]]), stall()), 2],
  [
    "without-end",
    sequence(
      afterContent(),
      head(503, [["content-length", "9000"]]),
      trickle("x".repeat(9000), { size: 1, every: 20 }),
    ),
    2,
  ],
];

const stalledBehindAnOctet = sequence(
  afterContent(),
  head(503, [["content-length", "9"]]),
  content("b"),
  stall(),
);

/** Cases of `session/retry` about statuses. */
export const retryStatusCases: readonly Case[] = [
  ...[408, 425, 429, 500, 502, 503, 504].map((status) =>
    defineCase({
      id: `session/retry/after-${status}`,
      title: `a GET must be sent again after ${status}, as often as was said, and the last response be the caller's`,
      level: "must",
      catalogue: ["F-RTY-02"],
      // Of the platforms' own pools some take a 408 for the end of an idle connection, and send the request again.
      ...(status === 408 && {
        requires: { connectionPool: "visible" as const },
        otherwise: expects(
          { status, content: "three", arrivals: atLeast(3) },
          {
            origin: [always(respond(status, [], "three"))],
            perform: call("GET", "a", { ...retry(3), throwHttpErrors: false }),
          },
        ),
      }),
      origin: [
        respond(status, [], "one"),
        done,
        respond(status),
        respond(status),
        respond(status, [], "three"),
      ],
      perform: [
        call("GET", "a", retry(3)),
        call("GET", "b", { ...retry(3), throwHttpErrors: false }),
      ],
      expect: {
        calls: [
          { status: 200, content: "done" },
          { status, content: "three" },
        ],
        arrivals: 5,
      },
      hint: "check the statuses that are worth another attempt",
    }),
  ),
  ...[400, 401, 404, 501, 505].map((status) =>
    defineCase({
      id: `session/retry/not-after-${status}`,
      title: `a request must not be sent again after ${status}`,
      level: "must",
      catalogue: ["F-RTY-02"],
      origin: [respond(status, [["retry-after", "0"]], "no")],
      perform: call("GET", "a", retry(3)),
      expect: { error: { code: "ERR_STATUS", fields: { status } }, arrivals: 1 },
      hint: "check the statuses that are worth another attempt",
    }),
  ),
  ...asked.map(([name, value, delay]) =>
    defineCase({
      id: `session/retry/retry-after-${name}`,
      title: `retry-after with ${value.slice(0, 40) || "nothing"} must make the next attempt wait for ${delay} ms`,
      level: "must",
      spec: ["RFC 9110 §10.2.3", "RFC 9110 §5.6.7"],
      catalogue: ["F-RTY-02"],
      origin: [asking(value), done],
      perform: call("GET", "a", retry(2), waits),
      expect: { status: 200, content: [delay], after: atLeast(delay - 5) },
      hint: "check what is taken for a number or a date: platforms take nearly everything",
    }),
  ),
  defineCase({
    id: "session/retry/retry-after-a-date-to-come",
    title: "retry-after with a date must make the next attempt wait until then",
    level: "must",
    spec: ["RFC 9110 §10.2.3"],
    catalogue: ["F-RTY-02"],
    origin: [busy, done],
    async perform(kit) {
      let date = 0;
      const soon = saying(() => {
        date = Math.ceil(Date.now() / 1000 + 1) * 1000;
        return new Date(date).toUTCString();
      });
      const session = kit.makeSession({ ...retry(2), middleware: [soon] });
      const seen = await kit.observe(() => session.get("a"));
      kit.note("early", Math.max(0, date - Date.now()));
      return seen;
    },
    expect: { status: 200, content: "done", facts: { early: between(0, 5) } },
    hint: "check that a date is compared with the time of day, not with the clock of deadlines",
  }),
  ...tooLong.map(([name, value]) =>
    defineCase({
      id: `session/retry/retry-after-${name}`,
      title: "a server that asks for a longer wait than maxDelay must not be asked again",
      level: "must",
      spec: ["RFC 9110 §10.2.3"],
      catalogue: ["F-RTY-02"],
      origin: [asking(value, 429)],
      perform: call("GET", "a", retry(3)),
      expect: { error: { code: "ERR_STATUS", fields: { status: 429 } }, arrivals: 1 },
      deadline: 5000,
      hint: "check that the wait is bounded, and that the response is given at once",
    }),
  ),
  defineCase({
    id: "session/retry/retry-after-is-not-obeyed",
    title: "retry-after must not count with retryAfter: false",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [asking("31"), done],
    perform: call("GET", "a", retry(2, { retryAfter: false }), waits),
    expect: { status: 200, content: [0] },
    hint: "check that the option is looked at before the field",
  }),
  defineCase({
    id: "session/retry/back-off-comes-on-top",
    title: "back-off must be added to retry-after, so that those told the same do not come at once",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [asking("1"), done, asking("1"), done],
    perform: [
      call("GET", "a", retry(2, { backoff: () => 250 }), waits),
      call("GET", "b", retry(2, { backoff: () => 250, maxDelay: 1100 }), waits),
    ],
    expect: {
      calls: [
        { content: [1250], after: atLeast(1245) },
        { content: [1100], after: atLeast(1095) },
      ],
    },
    hint: "check that both waits are added, within maxDelay",
  }),
  defineCase({
    id: "session/retry/back-off-is-random-below-a-bound",
    title: "the wait must be random below a bound that doubles with each attempt, up to maxDelay",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [always(busy)],
    async perform(kit) {
      const options = { retry: { attempts: 6, backoff: 2, maxDelay: 10 }, throwHttpErrors: false };
      const all: number[][] = [];
      for (let i = 0; i < 10; i++) {
        const response = await kit.within(5000, kit.session.get("a", options), "the response");
        response.discard();
        all.push(response.attempts.map(({ delay }) => delay));
      }
      const longest = [0, 1, 2, 3, 4].map((n) => Math.max(...all.map((delays) => delays[n] ?? 99)));
      for (const [n, bound] of [2, 4, 8, 10, 10].entries())
        kit.check((longest[n] ?? 99) <= bound, `waits after attempt ${n + 1} within ${bound} ms`);
      kit.note("different", new Set(all.flat()).size > 40);
    },
    expect: { facts: { different: true }, arrivals: 60 },
    hint: "check the exponent, the bound, and that the wait is drawn anew each time",
  }),
  ...unread.map(([name, answer, connections]) =>
    defineCase({
      id: `session/retry/unread-content-${name}`,
      title: "content of a failed attempt must be drained or given up, and hold no slot",
      level: "must",
      catalogue: ["F-RTY-02", "V-DOS-01"],
      session: { limits: { concurrency: 1, perOrigin: 1 } },
      origin: [answer, done],
      async perform(kit) {
        const seen = await kit.call(call("GET", "a", retry(2)));
        kit.note("stats", kit.session.stats.active);
        return seen;
      },
      requires: { connectionPool: "visible" },
      otherwise: expects(
        { status: 200, content: "done" },
        // Some platforms tell the head with the first octet.
        name === "stalled" ? { origin: [stalledBehindAnOctet, done] } : {},
      ),
      expect: {
        status: 200,
        content: "done",
        arrivals: [{ connection: 1 }, { connection: connections }],
        facts: { stats: 0 },
      },
      hint: "check that what is not read is taken off the connection, or the connection is closed",
    }),
  ),
  defineCase({
    id: "session/retry/content-of-the-last-attempt-is-readable",
    title: "the response of the last attempt must stay readable in the error, with all before it",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [respond(503, [], "one"), respond(502, [], "two")],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a", retry(2)));
      const response = (seen.error?.error as StatusError | undefined)?.response;
      kit.note("text", await response?.text());
      kit.note(
        "attempts",
        response?.attempts.map(({ status, error }) => [status, error]),
      );
      return seen;
    },
    expect: {
      error: { code: "ERR_STATUS", fields: { status: 502 } },
      facts: { text: "two", attempts: [[503, null]] },
    },
    hint: "check that only what is tried again is discarded",
  }),
  defineCase({
    id: "session/retry/of-a-stream-of-content",
    title: "content that is streamed must come from the last attempt alone",
    level: "must",
    catalogue: ["F-RTY-02"],
    origin: [respond(503, [], "old"), respond(503, [], "older"), done],
    perform: call("GET", "a", retry(3), read.pieces),
    expect: { status: 200, content: "done" },
    hint: "check that nothing of an earlier response reaches the reader",
  }),
];
