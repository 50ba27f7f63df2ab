import { afterEach, describe, expect, it } from "vitest";
import type { TlsConnectOptions } from "../src/index.ts";
import { bareTransport } from "./support/bare-http.ts";
import { makeCertificates } from "./support/certificates.ts";
import { failure, makeRequest, roundTrip } from "./support/exchange.ts";
import { ok, type Origin, startOrigin } from "./support/origin.ts";
import * as net from "node:net";
import type * as tls from "node:tls";
import { once } from "node:events";

const { ca, cert, key } = makeCertificates();
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function setUp(
  options: TlsConnectOptions,
  server: tls.TlsOptions = {},
  ...fields: readonly string[]
): Promise<{ origin: Origin; transport: ReturnType<typeof bareTransport> }> {
  const origin = await startOrigin(({ socket }) => socket.write(ok("hi", ...fields)), {
    cert,
    key,
    ...server,
  });
  const transport = bareTransport({ tls: options });
  closing.push(
    () => transport.close(),
    () => origin[Symbol.asyncDispose](),
  );
  return { origin, transport };
}

describe("TLS", () => {
  it("trusts the authority given, and says when it was secured and how", async () => {
    const { origin, transport } = await setUp({ ca });
    const request = makeRequest(origin.url);
    expect((await roundTrip(transport, request)).text).toBe("hi");
    expect(request.steps).toEqual(["connecting", "opened", "secured", "connected", "sent"]);
    expect(request.connections[0]?.tlsProtocol).toBe("TLSv1.3");
  });

  const failing: readonly (readonly [string, TlsConnectOptions, tls.TlsOptions, string, string])[] =
    [
      ["an unknown authority", {}, {}, "ERR_TLS_UNTRUSTED", "no"],
      ["another server name", { ca, servername: "other.test" }, {}, "ERR_TLS_HOSTNAME", "no"],
      [
        "a version too old",
        { ca, minVersion: "TLSv1.3" },
        { maxVersion: "TLSv1.2" },
        "ERR_TLS_HANDSHAKE",
        "no",
      ],
      ["no client certificate", { ca }, { requestCert: true, ca }, "ERR_TLS_HANDSHAKE", "maybe"],
    ];

  it.each(failing)("fails on %s", async (_name, options, server, code, requestSent) => {
    const { origin, transport } = await setUp(options, server);
    expect(await failure(transport.send(makeRequest(origin.url)))).toMatchObject({
      code,
      requestSent,
    });
    await transport.close();
  });

  it("shows a client certificate", async () => {
    const { origin, transport } = await setUp({ ca, cert, key }, { requestCert: true, ca });
    expect((await roundTrip(transport, makeRequest(origin.url))).text).toBe("hi");
  });

  it("takes the server name from the URL, never from the host field", async () => {
    const { origin, transport } = await setUp({ ca });
    const request = makeRequest(origin.url, { headers: ["Host", "elsewhere.test"] });
    expect((await roundTrip(transport, request)).text).toBe("hi");
  });

  it("resumes sessions", async () => {
    const { origin, transport } = await setUp({ ca }, {}, "connection: close");
    const resumed: boolean[] = [];
    for (let i = 0; i < 2; i++) {
      await roundTrip(transport, makeRequest(origin.url));
      const socket = origin.connections[i]?.socket as tls.TLSSocket | undefined;
      resumed.push(socket?.isSessionReused() ?? false);
    }
    expect(resumed).toEqual([false, true]);
  });

  it("asks the user's own check for each connection, about a certificate", async () => {
    const asked: [string, boolean][] = [];
    const checkServerIdentity = (name: string, { raw }: tls.PeerCertificate): undefined => {
      asked.push([name, raw.length > 0]);
    };
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const { origin, transport } = await setUp(
        { ca, checkServerIdentity },
        { maxVersion },
        "connection: close",
      );
      for (let i = 0; i < 2; i++) await roundTrip(transport, makeRequest(origin.url));
    }
    expect(asked).toEqual(Array.from({ length: 4 }, () => ["127.0.0.1", true]));
  });

  const pinned = new Error("not the pinned one");
  const alternative = Object.assign(new Error("a name"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  const checks: readonly (readonly [string, () => Error, string, unknown])[] = [
    ["returns an error", () => pinned, "ERR_TLS_UNTRUSTED", pinned],
    ["returns an error of Node's check", () => alternative, "ERR_TLS_HOSTNAME", alternative],
    [
      "throws",
      () => {
        throw pinned;
      },
      "ERR_TLS_UNTRUSTED",
      pinned,
    ],
  ];
  it.each(checks)(
    "fails where the user's own check %s",
    async (_name, checkServerIdentity, code, cause) => {
      const { origin, transport } = await setUp({ ca, checkServerIdentity });
      expect(await failure(transport.send(makeRequest(origin.url)))).toMatchObject({
        name: "TlsError",
        code,
        requestSent: "no",
        cause,
      });
    },
  );

  it.each([
    [
      "answers in plain text",
      (socket: net.Socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      "ERR_TLS_HANDSHAKE",
    ],
    ["hangs up", (socket: net.Socket) => socket.end(), "ERR_CONNECT_RESET"],
    ["resets", (socket: net.Socket) => socket.resetAndDestroy(), "ERR_CONNECT_RESET"],
  ])("tells a peer that %s in the handshake", async (_name, answer, code) => {
    const server = net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => answer(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const transport = bareTransport();
    closing.push(
      () => transport.close(),
      () => server.close(),
    );
    const { port } = server.address() as net.AddressInfo;
    const error = await failure(transport.send(makeRequest(`https://127.0.0.1:${port}/`)));
    expect(error).toMatchObject({ code, requestSent: "no" });
  });
});
