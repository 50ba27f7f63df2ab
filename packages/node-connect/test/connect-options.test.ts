import { rootCertificates, type SecureContext } from "node:tls";
import { describe, expect, it } from "vitest";
import { connectSettings, type TlsConnectOptions } from "../src/index.ts";
import { makeCertificates } from "./support/certificates.ts";

const refused: readonly (readonly [name: string, options: object, says: RegExp])[] = [
  ["an unknown option", { keepAlive: true }, /no option `keepAlive`.*Use one of tls, lookup/],
  [
    "an unknown TLS option",
    { tls: { verify: false } },
    /no option `tls.verify`.*tls.rejectUnauthorized/,
  ],
  ["a name of every object", { constructor: 1 }, /no option `constructor`/],
  ["tls that is no object", { tls: true }, /`tls` is not valid.*Pass an object/],
  [
    "a word for a flag",
    { tls: { rejectUnauthorized: "no" } },
    /`tls.rejectUnauthorized` is not valid.*true or false/,
  ],
  ["a version that is none", { tls: { minVersion: "1.3" } }, /`tls.minVersion` is not valid/],
  ["an empty server name", { tls: { servername: "" } }, /`tls.servername` is not valid/],
  ["a server name with NUL", { tls: { servername: "a.test\0b" } }, /`tls.servername` is not valid/],
  ["a server name with CR LF", { tls: { servername: "a\r\nb" } }, /`tls.servername` is not valid/],
  ["a server name beyond ASCII", { tls: { servername: "caf\u00e9" } }, /Punycode/],
  ["a path with NUL", { socketPath: "/run/a\0b" }, /`socketPath` is not valid.*without NUL/],
  ["a local name", { localAddress: "localhost" }, /`localAddress` is not valid.*an IP address/],
  ["a local address with CR LF", { localAddress: "127.0.0.1\r\n" }, /`localAddress` is not valid/],
  ["a number for a CA", { tls: { ca: 7 } }, /`tls.ca` is not valid/],
  [
    "a certificate that is none",
    { tls: { cert: "nonsense" } },
    /`tls` holds a certificate.*See cause/,
  ],
  ["a lookup that cannot be called", { lookup: "dns" }, /`lookup` is not valid.*a function/],
  ["a family that is none", { family: 5 }, /`family` is not valid.*4, 6 or 0/],
  ["an idle time of 0", { idleTimeout: 0 }, /`idleTimeout` is not valid/],
  ["an idle time that is no number", { idleTimeout: NaN }, /`idleTimeout` is not valid/],
  ["half a byte", { maxHeaderSize: 0.5 }, /`maxHeaderSize` is not valid/],
];

describe("options of Node transports", () => {
  it.each(refused)("refuses %s, naming it and the remedy", (_name, options, says) => {
    expect(() => connectSettings(options)).toThrow(says);
    expect(() => connectSettings(options)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION" }),
    );
  });

  it("leaves the factory's own options alone, and takes undefined for absence", () => {
    expect(() => connectSettings({ fetch: 1, tls: undefined } as object, ["fetch"])).not.toThrow();
  });

  it("makes one TLS context of what is said alike, unless a secret is in it", () => {
    const [ca = "", otherCa = ""] = rootCertificates;
    const { cert, key } = makeCertificates();
    const contextOf = (tls: TlsConnectOptions): SecureContext | undefined =>
      connectSettings({ tls }).context;
    expect(contextOf({ ca })).toBe(contextOf({ ca, servername: "a.test" }));
    expect(contextOf({ ca: otherCa })).not.toBe(contextOf({ ca }));
    expect(contextOf({ ca, minVersion: "TLSv1.3" })).not.toBe(contextOf({ ca }));
    const secret = { cert: cert.toString(), key: key.toString() };
    expect(contextOf(secret)).not.toBe(contextOf(secret));
  });

  it("keeps idle connections for less than Node's servers do, or without limit", () => {
    expect(connectSettings().idleTimeout).toBe(4_000);
    expect(connectSettings({ idleTimeout: Infinity }).idleTimeout).toBe(0);
  });
});
