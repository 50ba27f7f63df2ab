/* The options that every Node transport takes for its connections: what may be said, checked once at the factory. */

import { httpError, type HttpError } from "@anyhttp/core";
import { isIP, type LookupFunction } from "node:net";
import * as tls from "node:tls";
import { guardedLookup } from "./guarded-lookup.ts";

/** TLS of a transport's connections, with the names and meanings of `node:tls`. */
export interface TlsConnectOptions {
  /** Trusted authorities, PEM; they replace the ones that Node ships. */
  readonly ca?: tls.SecureContextOptions["ca"];
  /** Client certificate chain, PEM. */
  readonly cert?: tls.SecureContextOptions["cert"];
  /** Private key of {@link cert}, PEM. */
  readonly key?: tls.SecureContextOptions["key"];
  /** Of {@link key} or {@link pfx}. */
  readonly passphrase?: string;
  /** Client certificate and key as PKCS#12. */
  readonly pfx?: tls.SecureContextOptions["pfx"];
  /** Sent as SNI, and what the certificate must be for. Default: the host of the URL, never the `host` field. */
  readonly servername?: string;
  /** `false` accepts any certificate. For tests. */
  readonly rejectUnauthorized?: boolean;
  /** Such as `"TLSv1.3"`. */
  readonly minVersion?: tls.SecureVersion;
  readonly maxVersion?: tls.SecureVersion;
  /** OpenSSL cipher list. */
  readonly ciphers?: string;
  /**
   * Checks more than the name, such as a pin: return an error to refuse, which becomes the cause of a `TlsError`. It is
   * asked for each connection: with it no TLS session is resumed, because Node asks nobody about the certificate of a
   * session that it resumes, and does not have it any more. It replaces Node's check of the name; call
   * `tls.checkServerIdentity` for that.
   */
  readonly checkServerIdentity?: (hostname: string, cert: tls.PeerCertificate) => Error | undefined;
}

/** How a Node transport connects. */
export interface ConnectOptions {
  readonly tls?: TlsConnectOptions;
  /** Replaces `dns.lookup`, with its signature. */
  readonly lookup?: LookupFunction;
  /** Addresses to use: IPv4, IPv6, or 0 for both (default), tried as in RFC 8305 ("happy eyeballs"). */
  readonly family?: 0 | 4 | 6;
  /** Address of this machine to connect from. */
  readonly localAddress?: string;
  /** Connects to this Unix socket or named pipe instead, whatever the URL's host. */
  readonly socketPath?: string;
  /**
   * How long an idle connection is kept, in milliseconds; `Infinity` for as long as the peer keeps it. Default 4000:
   * Node's own servers close after 5 s, and a connection that both ends close at once costs a request. A peer that
   * announces less (`keep-alive: timeout=N`) is believed.
   */
  readonly idleTimeout?: number;
  /** Most bytes of a response head. Default: Node's, 16 KiB unless `--max-http-header-size` says otherwise. */
  readonly maxHeaderSize?: number;
}

/** {@link ConnectOptions}, checked, with what can be made once made: the identity of a transport's connections. */
export interface ConnectSettings {
  readonly tls: TlsConnectOptions;
  readonly context: tls.SecureContext | undefined;
  /** Options for `net.connect` that are not about the target. */
  readonly socket: {
    readonly lookup?: LookupFunction;
    readonly family?: number;
    readonly localAddress?: string;
  };
  readonly socketPath: string | undefined;
  readonly idleTimeout: number;
  readonly maxHeaderSize: number | undefined;
  /** TLS sessions by `host:port`. Their key must include the TLS identity: these settings are it. */
  readonly sessions: Map<string, Buffer>;
}

type Check = (value: unknown) => boolean;
type Rule = readonly [check: Check, expected: string];

const text: Rule = [
  (value) => typeof value === "string" && value !== "",
  "a string that is not empty",
];
const path: Rule = [
  (value) => typeof value === "string" && /^[^\0]+$/.test(value),
  "a string that is not empty, without NUL",
];
// OpenSSL would take NUL for the end.
const hostName: Rule = [
  (value) => typeof value === "string" && /^[\w.:-]+$/.test(value),
  "a host name, international ones as Punycode",
];
const address: Rule = [
  (value) => typeof value === "string" && isIP(value) > 0,
  "an IP address of this machine",
];
const pem: Rule = [
  (value) =>
    typeof value === "string" ||
    value instanceof Uint8Array ||
    (Array.isArray(value) && value.length > 0),
  "a string, bytes, or an array of them",
];
const flag: Rule = [(value) => typeof value === "boolean", "true or false"];
const call: Rule = [(value) => typeof value === "function", "a function"];
const version: Rule = [
  (value) => ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].includes(value as string),
  '"TLSv1.2", "TLSv1.3" and the like',
];

const tlsRules: Record<keyof TlsConnectOptions, Rule> = {
  ca: pem,
  cert: pem,
  key: pem,
  passphrase: [(value) => typeof value === "string", "a string"],
  pfx: pem,
  servername: hostName,
  rejectUnauthorized: flag,
  minVersion: version,
  maxVersion: version,
  ciphers: text,
  checkServerIdentity: call,
};

const rules: Record<keyof ConnectOptions, Rule> = {
  tls: [
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "an object",
  ],
  lookup: call,
  family: [(value) => value === 0 || value === 4 || value === 6, "4, 6 or 0"],
  localAddress: address,
  socketPath: path,
  idleTimeout: [
    (value) => typeof value === "number" && value > 0,
    "a number of milliseconds above 0, or Infinity",
  ],
  maxHeaderSize: [
    (value) => Number.isSafeInteger(value) && (value as number) > 0,
    "a whole number of bytes above 0",
  ],
};

const defaultIdleTimeout = 4_000;
/** The most that a Node timer can count; beyond it there is no limit. */
const longestTimer = 2_147_483_647;

/**
 * Checks the options of a factory.
 * @param own Options of the factory itself, which are not looked at.
 * @throws `ERR_INVALID_OPTION` for unknown names, wrong types and unusable certificates or keys.
 */
export function connectSettings(
  options: ConnectOptions = {},
  own: readonly string[] = [],
): ConnectSettings {
  check(options, rules, "", own);
  const given = ownMembers(options);
  check(given.tls ?? {}, tlsRules, "tls.", []);
  const security = ownMembers(given.tls ?? {});
  const { lookup, family, localAddress, idleTimeout = defaultIdleTimeout } = given;
  return {
    tls: security,
    context: secureContext(security),
    socket: {
      ...(lookup && { lookup: guardedLookup(lookup) }),
      ...(family && { family }),
      ...(localAddress && { localAddress }),
    },
    socketPath: given.socketPath,
    // 0 is how Node's sockets spell "never".
    idleTimeout: idleTimeout > longestTimer ? 0 : idleTimeout,
    maxHeaderSize: given.maxHeaderSize,
    sessions: new Map(),
  };
}

/** A copy with nothing on its prototype: what somebody has left on Object.prototype was not said by the user. */
export function ownMembers<T extends object>(options: T): T {
  return Object.assign(Object.create(null) as T, options);
}

function check(
  options: object,
  rulesOf: Record<string, Rule>,
  prefix: string,
  own: readonly string[],
): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid("the options of a transport are not an object", "Pass an object, or nothing.");
  }
  for (const [name, value] of Object.entries(options)) {
    if (own.includes(name) || value === undefined) continue;
    const rule = Object.hasOwn(rulesOf, name) ? rulesOf[name] : undefined;
    if (!rule) {
      const known = [...own, ...Object.keys(rulesOf)].map((key) => prefix + key).join(", ");
      throw invalid(`there is no option \`${prefix}${name}\``, `Use one of ${known}.`);
    }
    if (!rule[0](value)) throw invalid(`\`${prefix}${name}\` is not valid`, `Pass ${rule[1]}.`);
  }
}

// Made once: parsing certificates for every connection would cost more than the handshake.
function secureContext(security: TlsConnectOptions): tls.SecureContext | undefined {
  const { servername: _, rejectUnauthorized: __, checkServerIdentity: ___, ...rest } = security;
  const names = Object.keys(rest);
  if (names.length === 0) return undefined;
  const { ca } = rest;
  const shareable = typeof ca === "string" && names.length === 1;
  if (shareable && shared?.ca === ca) return shared.context;
  try {
    const context = tls.createSecureContext(ownMembers(rest));
    if (shareable) shared = { ca, context };
    return context;
  } catch (cause) {
    throw httpError("ERR_INVALID_OPTION", {
      what: "`tls` holds a certificate, key or setting that OpenSSL does not accept",
      remedy: "See cause, and check that key and certificate are PEM and belong together.",
      cause,
    });
  }
}

/** The last context of authorities alone, without a secret: who makes many transports makes them with the same ones. */
let shared: { readonly ca: string; readonly context: tls.SecureContext } | undefined;

function invalid(what: string, remedy: string): HttpError {
  return httpError("ERR_INVALID_OPTION", { what, remedy });
}
