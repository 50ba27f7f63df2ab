/* TLS: which peers are trusted, and how it is told that one is not. */

import {
  call,
  type Case,
  close,
  defineCase,
  expects,
  greeting,
  matching,
  oneOf,
  type Otherwise,
  present,
  raw,
  reset,
  respond,
  secure,
} from "../../case.ts";

const phased = { failureDetail: "phased" } as const;

/** Nothing may arrive where trust is missing, whatever the platform says of it. */
const unheard: Otherwise = expects({ error: { code: "ERR_NETWORK" }, arrivals: 0 });

/** A certificate that must be refused. */
function refusedCertificate(
  name: "wrong-host" | "expired" | "self-signed" | "other-authority",
  code: string,
  title: string,
): Case {
  return defineCase({
    id: `transport/tls/${name}`,
    title,
    level: "must",
    spec: name === "wrong-host" ? ["RFC 9110 §4.3.4", "RFC 9525 §6"] : ["RFC 5280 §6"],
    catalogue: [name === "wrong-host" ? "V-TLS-01" : "V-TLS-02", "V-TLS-03"],
    requires: phased,
    otherwise: unheard,
    doors: { main: secure(name) },
    origin: [],
    perform: call("POST", "a", { body: "secret" }),
    expect: {
      error: { name: "TlsError", code, phase: "connect", requestSent: "no", retryable: false },
      arrivals: 0,
    },
    hint: "check that verification is on, and its result told by its code",
  });
}

/** Cases of `transport/tls`. */
export const tlsCases: readonly Case[] = [
  defineCase({
    id: "transport/tls/trusted-authority",
    title:
      "a server whose certificate is from a trusted authority is talked to over TLS 1.2 or later",
    level: "must",
    spec: ["RFC 9110 §4.2.2"],
    doors: { main: secure() },
    origin: [respond(200, [], "secured")],
    perform: call("POST", "a", { body: "secret" }),
    expect: {
      status: 200,
      content: "secured",
      url: "{main}a",
      arrivals: [{ content: "secret", fields: { host: "{main.host}" } }],
      connections: [{ tls: matching(/^TLSv1\.[23]$/), servername: "localhost" }],
    },
    hint: "check that the authority of the options, or the runtime's, is used",
  }),
  defineCase({
    id: "transport/tls/address-without-server-name",
    title:
      "a server that is named by its address must not be sent a server name, and is verified all the same",
    level: "must",
    spec: ["RFC 6066 §3", "RFC 9110 §4.3.5"],
    catalogue: ["V-TLS-01"],
    doors: { main: secure("good", { host: "127.0.0.1" }) },
    origin: [respond(200)],
    perform: call("GET", "a"),
    expect: { status: 200, connections: [{ tls: present, servername: null }] },
    hint: "check that addresses are compared with the addresses of the certificate",
  }),
  refusedCertificate(
    "wrong-host",
    "ERR_TLS_HOSTNAME",
    "a certificate for another host must end the connection before anything is sent",
  ),
  refusedCertificate(
    "expired",
    "ERR_TLS_EXPIRED",
    "a certificate that has expired must end the connection before anything is sent",
  ),
  refusedCertificate(
    "self-signed",
    "ERR_TLS_UNTRUSTED",
    "a certificate that is its own authority must end the connection before anything is sent",
  ),
  refusedCertificate(
    "other-authority",
    "ERR_TLS_UNTRUSTED",
    "a certificate from another authority must end the connection before anything is sent",
  ),
  defineCase({
    id: "transport/tls/host-field-is-not-the-name",
    title: "the certificate is held against the URL, not against the host header of the caller",
    level: "must",
    spec: ["RFC 9110 §4.3.4"],
    catalogue: ["V-TLS-01"],
    requires: phased,
    otherwise: expects({ error: { code: oneOf("ERR_UNSUPPORTED", "ERR_NETWORK") }, arrivals: 0 }),
    doors: { main: secure("wrong-host") },
    origin: [],
    perform: call("GET", "a", { headers: { host: "elsewhere.test" } }),
    // Where the field cannot be set at all, that is as safe.
    expect: { error: { code: oneOf("ERR_TLS_HOSTNAME", "ERR_UNSUPPORTED") }, arrivals: 0 },
    hint: "check where the server name comes from",
  }),
  defineCase({
    id: "transport/tls/plaintext-peer",
    title: "a peer that does not speak TLS on an https URL is a failed handshake",
    level: "must",
    catalogue: ["F-CON-04", "V-TLS-04"],
    requires: phased,
    otherwise: unheard,
    doors: {
      main: greeting(raw("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"), close()),
    },
    origin: [],
    session: { allowOtherOrigins: true },
    perform: call("GET", "https://{main.host}/a"),
    expect: {
      error: {
        name: "TlsError",
        code: "ERR_TLS_HANDSHAKE",
        phase: "connect",
        requestSent: "no",
        retryable: false,
      },
      arrivals: 0,
    },
    hint: "check that there is no way back to plain HTTP",
  }),
  ...(
    [
      ["fin", close()],
      ["rst", reset()],
    ] as const
  ).map(([ending, end]) =>
    defineCase({
      id: `transport/tls/${ending}-in-the-handshake`,
      title: `a connection that is lost during the handshake (${ending}) was never made`,
      level: "must",
      catalogue: ["F-CON-04"],
      requires: { ...phased, connectTimeout: "exact" },
      // Where connecting is not seen, it cannot be told from what comes after.
      otherwise: expects({
        error: {
          code: oneOf("ERR_CONNECT_RESET", "ERR_TLS_HANDSHAKE", "ERR_DISCONNECTED", "ERR_NETWORK"),
        },
        arrivals: 0,
      }),
      doors: { main: greeting(end) },
      origin: [],
      session: { allowOtherOrigins: true },
      perform: call("POST", "https://{main.host}/a", { body: "secret" }),
      expect: {
        error: {
          code: oneOf("ERR_CONNECT_RESET", "ERR_TLS_HANDSHAKE"),
          phase: "connect",
          requestSent: "no",
        },
        arrivals: 0,
      },
      hint: "check that the phase is still that of connecting",
    }),
  ),
  defineCase({
    id: "transport/tls/kept-alive",
    title: "a TLS connection serves one call after the other",
    level: "should",
    spec: ["RFC 9112 §9.3"],
    requires: { tls: "configurable" },
    otherwise: expects({ calls: [{ status: 200 }, { status: 200, content: "b" }] }),
    doors: { main: secure() },
    origin: [respond(200), respond(200, [], "b")],
    perform: [call("GET", "a"), call("GET", "b")],
    expect: { calls: [{ status: 200 }, { status: 200, content: "b" }], connections: 1 },
    hint: "check that TLS connections are pooled like plain ones",
  }),
  defineCase({
    id: "transport/tls/large-content-both-ways",
    title: "a megabyte goes over TLS whole, both ways",
    level: "must",
    doors: { main: secure() },
    origin: [respond(200, [], "abcdefghijklmnopqrstuvwxyz".repeat(8000))],
    async perform(kit) {
      const body = new TextEncoder().encode("abcdefghijklmnopqrstuvwxyz".repeat(40_000));
      return kit.call(
        call("POST", "a", { body }, async (response) => (await response.bytes()).byteLength),
      );
    },
    expect: {
      status: 200,
      content: 208_000,
      arrivals: [{ contentLength: 1_040_000, filler: true, complete: true }],
    },
    hint: "check that records are not taken for pieces of content",
  }),
];
