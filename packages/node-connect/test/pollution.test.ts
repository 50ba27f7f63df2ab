import { afterEach, describe, expect, it } from "vitest";
import * as net from "node:net";
import * as tls from "node:tls";
import { bareTransport } from "./support/bare-http.ts";
import { makeCertificates } from "./support/certificates.ts";
import { failure, makeRequest, roundTrip } from "./support/exchange.ts";
import { ok, startOrigin } from "./support/origin.ts";

const { ca, cert, key } = makeCertificates();
const prototype = Object.prototype as unknown as Record<string, unknown>;
let left: string | null = null;
afterEach(() => {
  if (left !== null) delete prototype[left];
  left = null;
});

function leave(name: string, value: unknown): void {
  left = name;
  prototype[name] = value;
}

const trusting: readonly (readonly [string, unknown])[] = [
  ["ca", ca],
  ["checkServerIdentity", () => undefined],
  ["rejectUnauthorized", false],
  ["requestCert", false],
  ["secureContext", tls.createSecureContext({ ca })],
  ["servername", "other.test"],
  ["tls", { ca, rejectUnauthorized: false }],
];

const diverting: readonly (readonly [string, unknown])[] = [
  ["family", 6],
  ["fd", 99],
  ["handle", {}],
  ["localAddress", "192.0.2.1"],
  ["localPort", 1],
  ["lookup", () => undefined],
  ["maxHeaderSize", 1],
  ["path", "/elsewhere"],
  ["pskCallback", () => null],
  ["session", Buffer.from("polluted")],
  ["socket", new net.Socket()],
  ["socketPath", "/elsewhere"],
];

describe("what somebody has left on Object.prototype", () => {
  it.each(trusting)("makes nobody trusted (%s)", async (name, value) => {
    await using origin = await startOrigin(({ socket }) => socket.write(ok("hi")), { cert, key });
    leave(name, value);
    const [stranger, impostor] = [
      bareTransport(),
      bareTransport({ tls: { ca, servername: "wrong.test" } }),
    ];
    const errors = [
      await failure(stranger.send(makeRequest(origin.url))),
      await failure(impostor.send(makeRequest(origin.url))),
    ];
    delete prototype[name];
    await Promise.all([stranger.close(), impostor.close()]);
    expect(errors).toMatchObject([{ code: "ERR_TLS_UNTRUSTED" }, { code: "ERR_TLS_HOSTNAME" }]);
  });

  it.each(diverting)("changes no connection (%s)", async (name, value) => {
    for (const security of [{ cert, key }, undefined]) {
      await using origin = await startOrigin(({ socket }) => socket.write(ok("hi")), security);
      leave(name, value);
      const transport = bareTransport({ tls: { ca } });
      const { text } = await roundTrip(transport, makeRequest(origin.url));
      delete prototype[name];
      await transport.close();
      expect(text).toBe("hi");
    }
  });
});
