// The origin's certificate: made anew at every start, for loopback only, kept in memory.
import { generate } from "selfsigned";

/** A key and the certificate that belongs to it, both PEM. Whoever trusts `cert` as a CA trusts the origin. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const day = 24 * 60 * 60 * 1000;

/** Makes a certificate for `localhost`, `127.0.0.1` and `::1`, valid for two days. */
export async function makeCertificate(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "anyhttp demo" }], {
    keyType: "ec",
    algorithm: "sha256",
    // An hour back, for clocks that are not quite right.
    notBeforeDate: new Date(Date.now() - day / 24),
    notAfterDate: new Date(Date.now() + 2 * day),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key, cert };
}
