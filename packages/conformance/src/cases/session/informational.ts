/* Informational responses (RFC 9110 §15.2) as tracers hear of them (ids `session/informational/…`). */

import {
  afterHead,
  call,
  type Case,
  chunk,
  defineCase,
  expects,
  head,
  type Kit,
  lastChunk,
  respond,
  sequence,
} from "../../case.ts";
import { traced } from "./traced.ts";

const link = "</a.css>; rel=preload";
const exposed = { informational: "exposed" } as const;
const silent = expects({ facts: { told: [] } });

/** Makes the calls with a session that is traced, and notes what is told of 1xx responses. */
async function noteInformational(
  kit: Kit,
  calls: readonly (readonly [method: string, url: string, options?: object])[],
): Promise<void> {
  const { session, events } = traced(kit);
  for (const [method, url, options] of calls) {
    await (await session.request(method, url, { throwHttpErrors: false, ...options })).bytes();
  }
  const told = events.flatMap((event) =>
    event.type === "informational"
      ? [[event.exchange, event.status, ...[...event.headers].flat()]]
      : [],
  );
  kit.note("told", told);
  const types = events.map(({ type }) => type as string);
  const at = types.indexOf("informational");
  kit.note("before", at >= 0 && at < types.indexOf("head"));
}

/** Cases of `session/informational`. */
export const informationalCases: readonly Case[] = [
  ...([102, 103, 104, 199] as const).map((status) =>
    defineCase({
      id: `session/informational/told-${status}`,
      title: `a ${status} response must be told to a tracer, with its fields, before the final one`,
      level: "must",
      spec: ["RFC 9110 §15.2", "RFC 8297 §2"],
      catalogue: ["F-HDR-04"],
      requires: exposed,
      otherwise: silent,
      origin: [
        sequence(
          head(
            status,
            [
              ["link", link],
              ["x-a", "1"],
            ],
            { reason: "Wait" },
          ),
          respond(200),
        ),
      ],
      perform: (kit) => noteInformational(kit, [["GET", "a"]]),
      expect: { facts: { told: [[1, status, "link", link, "x-a", "1"]], before: true } },
      hint: "check that the status and the raw fields are passed on",
    }),
  ),
  defineCase({
    id: "session/informational/told-100-unasked",
    title: "a 100 response that nobody asked for must be told to a tracer like any other",
    level: "must",
    spec: ["RFC 9110 §15.2.1"],
    catalogue: ["F-HDR-04"],
    requires: exposed,
    otherwise: expects({ facts: { told: [] } }, { origin: [respond(200)] }),
    origin: [sequence(head(100, [["x-a", "1"]]), respond(200))],
    perform: (kit) => noteInformational(kit, [["GET", "a"]]),
    expect: { facts: { told: [[1, 100, "x-a", "1"]], before: true } },
    hint: "check that what is passed over is told",
  }),
  defineCase({
    id: "session/informational/told-in-order",
    title:
      "several informational responses must be told in order, each with its own fields, of each exchange",
    level: "must",
    spec: ["RFC 9110 §15.2"],
    catalogue: ["F-HDR-04"],
    requires: exposed,
    otherwise: silent,
    origin: [
      sequence(
        head(103, [["x-a", "1"]]),
        head(102),
        head(103, [
          ["x-a", "2"],
          ["x-a", "3"],
        ]),
        respond(302, [["location", "b"]]),
      ),
      sequence(head(103, [["x-b", "4"]]), respond(200)),
    ],
    perform: (kit) => noteInformational(kit, [["GET", "a"]]),
    expect: {
      facts: {
        told: [
          [1, 103, "x-a", "1"],
          [1, 102],
          [1, 103, "x-a", "2", "x-a", "3"],
          [2, 103, "x-b", "4"],
        ],
      },
    },
    hint: "check that fields of one are not those of the next",
  }),
  ...(
    [
      ["head", "HEAD", {}],
      ["post", "POST", { body: "content" }],
      ["put-of-a-blob", "PUT", { body: new Blob(["content"]) }],
      ["delete", "DELETE", {}],
    ] as const
  ).map(([name, method, options]) =>
    defineCase({
      id: `session/informational/told-to-${name}`,
      title: `an informational response to ${method} must be told as well`,
      level: "must",
      spec: ["RFC 9110 §15.2"],
      catalogue: ["F-HDR-04"],
      requires: exposed,
      otherwise: silent,
      origin: [sequence(afterHead(head(103, [["link", link]])), respond(200, [], "x"))],
      perform: (kit) => noteInformational(kit, [[method, "a", options]]),
      expect: { facts: { told: [[1, 103, "link", link]] } },
      hint: "check that no method is left out",
    }),
  ),
  ...([204, 304, 404, 500] as const).map((status) =>
    defineCase({
      id: `session/informational/before-${status}`,
      title: `an informational response before ${status} must be told, and change nothing about it`,
      level: "must",
      spec: ["RFC 9110 §15.2"],
      catalogue: ["F-HDR-04"],
      requires: exposed,
      otherwise: silent,
      origin: [sequence(head(103, [["link", link]]), respond(status))],
      perform: (kit) => noteInformational(kit, [["GET", "a"]]),
      expect: { facts: { told: [[1, 103, "link", link]] } },
      hint: "check that the final response is read as if nothing had come before",
    }),
  ),
  defineCase({
    id: "session/informational/kept-connection",
    title: "informational responses on a kept connection must be told of their own exchange",
    level: "must",
    catalogue: ["F-HDR-04"],
    requires: exposed,
    otherwise: silent,
    origin: [
      sequence(head(103, [["x-a", "1"]]), respond(200)),
      respond(200),
      sequence(
        head(103, [["x-a", "3"]]),
        head(200, [["transfer-encoding", "chunked"]]),
        chunk("x"),
        lastChunk(),
      ),
    ],
    perform: (kit) =>
      noteInformational(kit, [
        ["GET", "a"],
        ["GET", "b"],
        ["GET", "c"],
      ]),
    expect: {
      facts: {
        told: [
          [1, 103, "x-a", "1"],
          [1, 103, "x-a", "3"],
        ],
      },
      arrivals: [{ connection: 1 }, { connection: 1 }, { connection: 1 }],
    },
    hint: "check that what watches the head begins anew with each exchange",
  }),
  defineCase({
    id: "session/informational/thirty",
    title: "thirty informational responses must be told, and passed over",
    level: "must",
    catalogue: ["F-HDR-04"],
    requires: exposed,
    otherwise: silent,
    origin: [sequence(...Array.from({ length: 30 }, () => head(103)), respond(200))],
    perform: (kit) => noteInformational(kit, [["GET", "a"]]),
    expect: { facts: { told: Array.from({ length: 30 }, () => [1, 103]) } },
    hint: "check that there is no small limit",
  }),
  defineCase({
    id: "session/informational/tracer-that-throws",
    title: "a tracer that throws when it is told of an informational response must change nothing",
    level: "must",
    catalogue: ["F-HDR-04"],
    session: () => ({
      trace({ type }: { type: string }) {
        if (type === "informational") throw new Error("the tracer broke");
      },
    }),
    origin: [sequence(head(103, [["link", link]]), respond(200, [], "final"))],
    perform: call("GET", "a"),
    expect: { status: 200, content: "final" },
    hint: "check that what a tracer throws is dropped",
  }),
];
