/* The certificates of the origin, made anew at each start: a test authority and one leaf for each kind of door. */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import type { CertificateKind } from "../case/doors.ts";
import * as der from "./der.ts";

/** A certificate and its key, in PEM. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** All certificates of one origin. */
export interface Certificates {
  /** The authority to trust, in PEM. */
  readonly ca: string;
  readonly leaves: Readonly<Record<CertificateKind, Certificate>>;
}

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const day = 86_400_000;
const ecdsaWithSha256 = der.sequence(der.oid("1.2.840.10045.4.3.2"));

/** Makes the authority and all leaves. */
export function makeCertificates(): Certificates {
  const authority = party("anyhttp conformance authority");
  const stranger = party("anyhttp conformance stranger");
  const here = ["localhost", "127.0.0.1", "::1"];
  const leaf = (issuer: Party, names: readonly string[], days = 30): Certificate => {
    const subject = party("anyhttp conformance origin");
    return { cert: certify(subject, issuer, { names, days }), key: pemKey(subject) };
  };
  const alone = party("anyhttp conformance origin");
  return {
    ca: certify(authority, authority, { days: 30 }),
    leaves: {
      good: leaf(authority, here),
      "wrong-host": leaf(authority, ["elsewhere.test"]),
      expired: leaf(authority, here, -1),
      "other-authority": leaf(stranger, here),
      "self-signed": { cert: certify(alone, alone, { names: here, days: 30 }), key: pemKey(alone) },
    },
  };
}

function party(name: string): Party {
  return { name, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function pemKey({ privateKey }: Party): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function distinguishedName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid("2.5.4.3"), der.text(name))));
}

/** RFC 5280 §4.1. Without names it is an authority's own certificate. */
function certify(
  subject: Party,
  issuer: Party,
  what: { readonly names?: readonly string[]; readonly days: number },
): string {
  const now = Date.now();
  const validity = der.sequence(
    der.time(new Date(now - 2 * day)),
    der.time(new Date(now + what.days * day)),
  );
  const body = der.sequence(
    der.element(0xa0, der.integer(Buffer.of(2))), // version 3
    der.integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    distinguishedName(issuer.name),
    validity,
    distinguishedName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der.element(0xa3, der.sequence(...(what.names ? leafExtensions(what.names) : caExtensions()))),
  );
  const signature = sign("sha256", body, issuer.privateKey);
  const base64 = der.sequence(body, ecdsaWithSha256, der.bits(signature)).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.yes] : []), der.octetString(value));
}

function caExtensions(): Buffer[] {
  return [
    extension("2.5.29.19", der.sequence(der.yes), true), // basicConstraints: CA
    extension("2.5.29.15", der.bits(Buffer.of(0x06), 1), true), // keyUsage: keyCertSign, cRLSign
  ];
}

function leafExtensions(names: readonly string[]): Buffer[] {
  const alternatives = names.map((name) => {
    return isIP(name) ? der.element(0x87, address(name)) : der.element(0x82, Buffer.from(name));
  });
  return [
    extension("2.5.29.19", der.sequence(), true),
    extension("2.5.29.15", der.bits(Buffer.of(0x80), 7), true), // digitalSignature
    extension("2.5.29.37", der.sequence(der.oid("1.3.6.1.5.5.7.3.1"))), // extKeyUsage: serverAuth
    extension("2.5.29.17", der.sequence(...alternatives)),
  ];
}

/** The octets of an address; of IPv6 only `::1` is needed. */
function address(name: string): Buffer {
  if (name === "::1") return Buffer.concat([Buffer.alloc(15), Buffer.of(1)]);
  return Buffer.from(name.split(".").map(Number));
}
