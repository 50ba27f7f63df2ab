/* Where a client can knock, as data: the doors of the origin, each a port and so an origin of its own. */

import { type Answer, sequence } from "./script.ts";

/** Which certificate a TLS door shows. All but `good` must be refused by a transport that trusts the test authority. */
export type CertificateKind = "good" | "wrong-host" | "expired" | "self-signed" | "other-authority";

/** Versions of TLS that a door may speak at most. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** Where a client can knock. Each has a port of its own, and so is an origin of its own. */
export type Door =
  | { readonly kind: "plain"; readonly host?: string; readonly greeting?: Answer }
  | {
      readonly kind: "tls";
      readonly host?: string;
      readonly greeting?: Answer;
      readonly certificate: CertificateKind;
      readonly maxVersion?: TlsVersion;
    }
  /** Accepts TCP and says nothing, whatever the scheme of its URL: a TLS handshake that never ends. */
  | { readonly kind: "mute"; readonly scheme: "http" | "https" }
  /** Nobody listens there. */
  | { readonly kind: "refused" }
  /** Never accepts: its backlog is full, so that connecting takes for ever. */
  | { readonly kind: "unaccepting" };

/** A plain HTTP door. `host` is the name in its URL: `127.0.0.1` (default) or `localhost`. */
export function plain(options: { readonly host?: string } = {}): Door {
  return { kind: "plain", ...options };
}

/**
 * An HTTPS door. Its URL says `localhost` unless `host` says otherwise, and it speaks TLS 1.2 and 1.3 unless `maxVersion`
 * says less: the two end a connection in different ways.
 */
export function secure(
  certificate: CertificateKind = "good",
  options: { readonly host?: string; readonly maxVersion?: TlsVersion } = {},
): Door {
  return { kind: "tls", certificate, ...options };
}

/** A plain door that acts as soon as somebody connects, before any request: `greeting(reset())`. */
export function greeting(...answers: readonly Answer[]): Door {
  return { kind: "plain", greeting: sequence(...answers) };
}

/** A door that accepts TCP and then says nothing; with `https` the handshake hangs. */
export function mute(scheme: "http" | "https" = "https"): Door {
  return { kind: "mute", scheme };
}

/** A door behind which nobody listens. */
export function refused(): Door {
  return { kind: "refused" };
}

/** A door that never accepts. */
export function unaccepting(): Door {
  return { kind: "unaccepting" };
}
