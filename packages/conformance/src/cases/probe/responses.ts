/* Probes of what a transport hands over of a response. All drive the bare transport, save the one for set-cookie. */

import {
  absent,
  base64,
  type Case,
  content,
  defineCase,
  exchange,
  expects,
  gate,
  head,
  respond,
  sequence,
} from "../../case.ts";
import { fromBytes } from "../../case/bytes.ts";
import { silent, targetOf } from "../../run/exchange.ts";

const gzipOfHello = base64("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==");

/** Probes of capabilities about responses. */
export const responseProbes: readonly Case[] = [
  defineCase({
    id: "probe/content-coding/gzip-as-it-was-sent",
    title: "coded content is handed over as it was sent",
    level: "probe",
    spec: ["RFC 9110 §8.4"],
    probes: "contentCoding",
    requires: { contentCoding: "raw" },
    otherwise: expects({ status: 200, content: "hello" }),
    origin: [respond(200, [["content-encoding", "gzip"]], gzipOfHello)],
    perform: exchange("GET", "a", [["accept-encoding", "gzip"]]),
    expect: { status: 200, content: gzipOfHello },
    hint: "check whether the library decodes by itself",
  }),
  defineCase({
    id: "probe/response-streaming/handed-over-while-it-comes",
    title: "response content is handed over while it comes",
    level: "probe",
    spec: ["RFC 9110 §6.4"],
    probes: "responseStreaming",
    requires: { responseStreaming: "streamed" },
    otherwise: expects({ facts: { first: "late", content: "abcdef" } }),
    origin: [
      sequence(head(200, [["content-length", "6"]]), content("abc"), gate("go"), content("def")),
    ],
    async perform(kit) {
      let came = "";
      let whole: Promise<unknown> = Promise.resolve();
      const first = new Promise<void>((resolve, reject) => {
        const sending = kit.transport.send({
          method: "GET",
          target: targetOf(new URL("a", kit.urls["main"])),
          headers: [],
          body: null,
          expectContinue: false,
          signal: { aborted: false, reason: undefined, onabort: null },
          trace: silent,
        });
        const data = (piece: Uint8Array<ArrayBuffer>): void => {
          came += fromBytes(piece);
          if (piece.length > 0) resolve();
        };
        whole = sending.then(({ body }) => {
          return new Promise((end, fail) => body.start({ data, end, fail }));
        });
        whole.catch(reject);
      });
      const early = kit.within(1000, first, "the first piece");
      kit.note(
        "first",
        await early.then(
          () => "early",
          () => "late",
        ),
      );
      await kit.origin.open("go");
      await kit.within(2000, whole, "the end of the content");
      kit.note("content", came);
    },
    expect: { facts: { first: "early", content: "abcdef" } },
    hint: "check whether the library collects content before it tells of it",
  }),
  defineCase({
    id: "probe/set-cookie/is-visible",
    title: "set-cookie fields of a response are handed over",
    level: "probe",
    spec: ["RFC 6265 §4.1", "WHATWG Fetch §2.2.2"],
    probes: "setCookie",
    requires: { setCookie: "visible" },
    otherwise: expects({ status: 200, headers: { "set-cookie": absent } }),
    origin: [
      respond(200, [
        ["set-cookie", "a=1; Path=/"],
        ["set-cookie", "b=2"],
      ]),
    ],
    perform: exchange("GET", "a"),
    expect: { status: 200, headers: { "set-cookie": ["a=1; Path=/", "b=2"] } },
    hint: "check whether the platform filters response fields",
  }),
  defineCase({
    id: "probe/field-lines/as-they-came",
    title: "field lines of a response are handed over in order, apart, and as they are spelt",
    level: "probe",
    spec: ["RFC 9110 §5.2"],
    probes: "fieldLines",
    requires: { fieldLines: "raw" },
    otherwise: expects({
      status: 200,
      fieldLines: [
        ["content-length", "0"],
        ["x-a", "2"],
        ["x-b", "1, 3"],
      ],
    }),
    origin: [
      respond(200, [
        ["X-B", "1"],
        ["x-a", "2"],
        ["x-b", "3"],
      ]),
    ],
    perform: exchange("GET", "a"),
    expect: {
      status: 200,
      fieldLines: [
        ["X-B", "1"],
        ["x-a", "2"],
        ["x-b", "3"],
        ["content-length", "0"],
      ],
    },
    hint: "check whether the library keeps the raw list",
  }),
];
