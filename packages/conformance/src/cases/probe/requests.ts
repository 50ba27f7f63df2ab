/* Probes of what a transport can send. All drive the bare transport, because core refuses what is not declared. */

import {
  atMost,
  type Case,
  defineCase,
  exchange,
  expects,
  type Kit,
  respond,
  satisfying,
} from "../../case.ts";
import { silent, targetOf } from "../../run/exchange.ts";

/** Sends a one-shot stream through the bare transport; says how that went. */
async function sendStream(
  kit: Kit,
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
  length: number | null,
): Promise<string> {
  try {
    const response = await kit.transport.send({
      method: "POST",
      target: targetOf(new URL("a", kit.urls["main"])),
      headers: [],
      body: { source, length },
      expectContinue: false,
      signal: { aborted: false, reason: undefined, onabort: null },
      trace: silent,
    });
    await new Promise((resolve, reject) => {
      response.body.start({ data: () => undefined, end: resolve, fail: reject });
    });
    return "sent";
  } catch {
    return "failed";
  }
}

const octets = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Fields that Fetch keeps for the platform, and that nothing but its list forbids. */
const forbidden = [
  ["accept-charset", "utf-8"],
  ["date", "Tue, 15 Nov 1994 08:12:31 GMT"],
  ["dnt", "1"],
  ["origin", "http://elsewhere.test"],
  ["referer", "http://elsewhere.test/"],
  ["cookie", "a=1"],
  ["via", "1.1 elsewhere.test"],
  ["sec-own", "1"],
  ["proxy-own", "1"],
] as const;

const sentForbidden = (lines: unknown): number => {
  const sent = (lines as string[][]).map(([name = "", value]) => `${name.toLowerCase()}: ${value}`);
  return forbidden.filter(([name, value]) => sent.includes(`${name}: ${value}`)).length;
};
const routing = new Set(["host", "connection"]);
const added = (lines: unknown): boolean =>
  (lines as string[][]).some(([name = ""]) => !routing.has(name.toLowerCase()));

/** Probes of capabilities about requests. */
export const requestProbes: readonly Case[] = [
  defineCase({
    id: "probe/methods/trace",
    title: "the method TRACE, which Fetch forbids, is sent",
    level: "probe",
    spec: ["RFC 9110 §9.3.8", "WHATWG Fetch §2.2.1"],
    probes: "methods",
    requires: { methods: "any" },
    otherwise: expects({ error: {}, arrivals: [] }),
    origin: [respond(200)],
    perform: exchange("TRACE", "a"),
    expect: { status: 200, arrivals: [{ method: "TRACE" }] },
    hint: "check whether the library forbids methods",
  }),
  defineCase({
    id: "probe/get-content/get-with-content",
    title: "content of a GET request is sent",
    level: "probe",
    spec: ["RFC 9110 §9.3.1", "WHATWG Fetch §5.4"],
    probes: "getContent",
    requires: { getContent: "sent" },
    otherwise: expects({ error: {}, arrivals: [] }),
    origin: [respond(200)],
    perform: exchange("GET", "a", [], "content"),
    expect: { status: 200, arrivals: [{ method: "GET", content: "content" }] },
    hint: "check whether the library refuses or drops content of GET",
  }),
  defineCase({
    id: "probe/request-streaming/sent-while-it-is-made",
    title: "request content is sent while it is produced",
    level: "probe",
    spec: ["RFC 9112 §7.1"],
    probes: "requestStreaming",
    requires: { requestStreaming: "half-duplex" },
    otherwise: expects({ facts: { sent: "late" }, arrivals: atMost(1) }),
    origin: [respond(200)],
    async perform(kit) {
      let sent = "late";
      async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
        yield octets("first");
        // A transport that wants all of it before it connects would wait for ever.
        await kit
          .within(1000, kit.origin.arrived(1), "the request to arrive before its content is whole")
          .then(
            () => (sent = "early"),
            () => undefined,
          );
        yield octets(" second");
      }
      await sendStream(kit, pieces(), null);
      kit.note("sent", sent);
    },
    expect: {
      facts: { sent: "early" },
      arrivals: [{ content: "first second", complete: true }],
    },
    hint: "check whether the library collects content before it connects",
  }),
  defineCase({
    id: "probe/stream-length/declared-with-content-length",
    title: "streamed content of a known length is sent with content-length",
    level: "probe",
    spec: ["RFC 9112 §6.2"],
    probes: "streamLength",
    requires: { streamLength: "declared" },
    // One that cannot stream sends nothing, or something else.
    otherwise: expects({ facts: { declared: false }, arrivals: atMost(1) }),
    origin: [respond(200)],
    async perform(kit) {
      async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
        yield octets("abc");
        yield await Promise.resolve(octets("de"));
      }
      await sendStream(kit, pieces(), 5);
      const { arrivals } = await kit.origin.ledger();
      const sent = arrivals.find(({ content }) => content === "abcde");
      kit.note("declared", sent?.framing === "length");
    },
    expect: {
      facts: { declared: true },
      arrivals: [{ framing: "length", content: "abcde", complete: true }],
    },
    hint: "check whether the library can be told the length of a stream",
  }),
  defineCase({
    id: "probe/forbidden-fields/all-are-sent",
    title: "request fields that Fetch forbids are sent as given",
    level: "probe",
    spec: ["WHATWG Fetch §2.2.2"],
    probes: "forbiddenFields",
    requires: { forbiddenFields: "none" },
    otherwise: expects({
      status: 200,
      arrivals: [
        {
          fieldLines: satisfying("some of the forbidden fields to be missing", (lines) => {
            return sentForbidden(lines) < forbidden.length;
          }),
        },
      ],
    }),
    origin: [respond(200)],
    perform: exchange("GET", "a", forbidden),
    expect: {
      status: 200,
      arrivals: [
        {
          fieldLines: satisfying("all forbidden fields as they were given", (lines) => {
            return sentForbidden(lines) === forbidden.length;
          }),
        },
      ],
    },
    hint: "check which fields the platform drops in silence",
  }),
  defineCase({
    id: "probe/added-fields/none-beside-host",
    title: "a request without headers is sent with host and connection alone",
    level: "probe",
    probes: "addedFields",
    requires: { addedFields: "none" },
    otherwise: expects({
      status: 200,
      arrivals: [{ fieldLines: satisfying("fields of the platform's own", added) }],
    }),
    origin: [respond(200)],
    perform: exchange("GET", "a"),
    expect: {
      status: 200,
      arrivals: [
        { fieldLines: satisfying("no field but host and connection", (lines) => !added(lines)) },
      ],
    },
    hint: "check the library's own default headers",
  }),
  defineCase({
    id: "probe/redirects/response-is-handed-over",
    title: "a redirect is handed over as the response that it is",
    level: "probe",
    spec: ["RFC 9110 §15.4"],
    probes: "redirects",
    requires: { redirects: "visible" },
    otherwise: expects({
      status: satisfying("another status than 302", (status) => status !== 302),
      arrivals: atMost(2),
    }),
    origin: [respond(302, [["location", "b"]], "moved"), respond(200)],
    perform: exchange("GET", "a"),
    expect: {
      status: 302,
      headers: { location: "b" },
      content: "moved",
      arrivals: [{ path: "a" }],
    },
    hint: "check that the library is told not to follow, and hides nothing then",
  }),
];
