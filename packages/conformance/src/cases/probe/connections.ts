/* Probes of what a transport knows and decides about its connections. */

import {
  absent,
  call,
  type Case,
  content,
  defineCase,
  exchange,
  expects,
  gate,
  head,
  read,
  refused,
  respond,
  secure,
  sequence,
} from "../../case.ts";
import { silent, targetOf } from "../../run/exchange.ts";

/** An authority that has signed nothing. */
const stranger = `
-----BEGIN CERTIFICATE-----
MIIBqzCCAVGgAwIBAgIUfZ4ahUicW2syUz+sHqTA6J83SScwCgYIKoZIzj0EAwIw
KjEoMCYGA1UEAwwfYW4gYXV0aG9yaXR5IHRoYXQgc2lnbnMgbm90aGluZzAgFw0y
NjExMjMwMzM1MTFaGA8yMTI2MTAzMDAzMzUxMVowKjEoMCYGA1UEAwwfYW4gYXV0
aG9yaXR5IHRoYXQgc2lnbnMgbm90aGluZzBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABFlUtCdaZ4uAKntt7N9zd9pHd31aipl922ugTJXFI8TXhc/UJM3UySbjdV2t
OhrZ28YAx60ZL3ewe1uw9WOD6SSjUzBRMB0GA1UdDgQWBBS6dQuAsO3tknifX69W
6/jweoxM1TAfBgNVHSMEGDAWgBS6dQuAsO3tknifX69W6/jweoxM1TAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQD2IxNouhG6OVI1vmb0RiAZWn3b
O11dCEdInYQtfjoVqQIgH7TbD0ylZfucITsgiCIEsStQrn8/EwpYZt6QDQpb0Eo=
-----END CERTIFICATE-----
`;

/** Probes of capabilities about connections. */
export const connectionProbes: readonly Case[] = [
  defineCase({
    id: "probe/failure-detail/refused-connection",
    title: "a refused connection is told as such",
    level: "probe",
    probes: "failureDetail",
    requires: { failureDetail: "phased" },
    otherwise: expects({ error: { code: "ERR_NETWORK", requestSent: "maybe" } }),
    doors: { gone: refused() },
    session: { allowOtherOrigins: true },
    origin: [],
    perform: call("GET", "{gone}a"),
    expect: {
      error: { name: "ConnectError", code: "ERR_CONNECT_REFUSED", phase: "connect" },
    },
    hint: "check what the platform says of failures, and where",
  }),
  defineCase({
    id: "probe/connect-timeout/connecting-is-told",
    title: "the beginning and the end of connecting are told while they happen",
    level: "probe",
    probes: "connectTimeout",
    requires: { connectTimeout: "exact" },
    otherwise: expects({ facts: { begun: 0 }, arrivals: 1 }),
    origin: [respond(200)],
    async perform(kit) {
      let begun = 0;
      let connected = 0;
      const response = await kit.transport.send({
        method: "GET",
        target: targetOf(new URL("a", kit.urls["main"])),
        headers: [],
        body: null,
        expectContinue: false,
        signal: { aborted: false, reason: undefined, onabort: null },
        trace: {
          ...silent,
          mark(step) {
            if (step === "connecting") begun++;
          },
          connected: () => void connected++,
          informational: null,
        },
      });
      kit.note("begun", begun);
      kit.note("connected", connected);
      await new Promise((resolve, reject) => {
        response.body.start({ data: () => undefined, end: resolve, fail: reject });
      });
    },
    expect: { facts: { begun: 1, connected: 1 } },
    hint: "check that trace.mark and trace.connected are called for each new connection",
  }),
  defineCase({
    id: "probe/connection-info/version-and-address",
    title: "the HTTP version of the response and the address of its peer are known",
    level: "probe",
    probes: "connectionInfo",
    requires: { connectionInfo: "exposed" },
    otherwise: expects({ status: 200, httpVersion: null, content: null }),
    origin: [respond(200)],
    async perform(kit) {
      return kit.call(
        call("GET", "a", {}, async (response) => {
          await response.text();
          const { connection } = response;
          const port = Number(new URL(kit.urls["main"] ?? "").port);
          return connection && [connection.remoteAddress, connection.remotePort === port];
        }),
      );
    },
    expect: { status: 200, httpVersion: "1.1", content: ["127.0.0.1", true] },
    hint: "check what trace.connected is told",
  }),
  defineCase({
    id: "probe/connection-pool/idle-connections-are-counted",
    title: "a connection that is kept after its exchange is counted as idle, and one in use is not",
    level: "probe",
    probes: "connectionPool",
    requires: { connectionPool: "visible" },
    // Some platforms tell the head with the first octet.
    otherwise: expects(
      { status: 200, facts: { during: null, after: null } },
      {
        origin: [
          sequence(head(200, [["content-length", "3"]]), content("t"), gate("go"), content("wo")),
        ],
      },
    ),
    origin: [sequence(head(200, [["content-length", "2"]]), gate("go"), content("ok"))],
    async perform(kit) {
      const response = await kit.session.get("a");
      kit.note("during", kit.session.stats.idle);
      await kit.origin.open("go");
      const seen = await kit.observe(() => Promise.resolve(response) as never, read.text);
      // The connection is free soon after its content has ended, not at once.
      for (let turn = 0; turn < 100 && kit.session.stats.idle === 0; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      kit.note("after", kit.session.stats.idle);
      return seen;
    },
    expect: { status: 200, content: "ok", facts: { during: 0, after: 1 } },
    hint: "check what idle() counts",
  }),
  defineCase({
    id: "probe/cookies/none-but-the-callers",
    title: "a cookie that a response sets is not sent by the transport itself",
    level: "probe",
    spec: ["RFC 6265bis §5.8.3"],
    probes: "cookies",
    requires: { cookies: "manual" },
    // Whether it keeps any is for the platform to say; those of others it does not send.
    otherwise: expects(
      { status: 200, arrivals: [{ fields: { cookie: absent } }] },
      { perform: exchange("GET", "a", [["cookie", "kept=1"]]), origin: [respond(200)] },
    ),
    origin: [respond(200, [["set-cookie", "kept=1; Path=/"]]), respond(200)],
    perform: async (kit) => [await kit.call(call("GET", "a")), await kit.call(call("GET", "b"))],
    expect: {
      calls: [{ status: 200 }, { status: 200 }],
      arrivals: [{ fields: { cookie: absent } }, { fields: { cookie: absent } }],
    },
    hint: "check whether the library or the platform keeps cookies of its own",
  }),
  defineCase({
    id: "probe/tls/authority-of-the-options",
    title: "the authorities of the options replace those that are trusted otherwise",
    level: "probe",
    catalogue: ["V-TLS-02", "V-TLS-03"],
    probes: "tls",
    requires: { tls: "configurable" },
    // The options are left out then, and the runtime trusts the test authority.
    otherwise: expects({ status: 200, arrivals: [{ path: "a" }] }),
    doors: { main: secure() },
    transport: { tls: { ca: stranger } },
    origin: [respond(200)],
    perform: call("GET", "a"),
    expect: { error: { code: "ERR_TLS_UNTRUSTED" }, arrivals: [] },
    hint: "check that tls.ca reaches the handshake",
  }),
];
