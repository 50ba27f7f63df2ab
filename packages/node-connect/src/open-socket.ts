/* Opens one connection, TCP or TLS, and tells its steps. What is sent on it is not its business. */

import {
  type ConnectionInfo,
  type ExchangeStep,
  httpError,
  type HttpError,
  type Target,
} from "@anyhttp/core";
import * as net from "node:net";
import * as tls from "node:tls";
import type { ConnectSettings } from "./connect-options.ts";
import { mapNodeError } from "./map-error.ts";
import { watchEnd } from "./tls-end.ts";

/** A connection to be opened. */
export interface Opening {
  readonly target: Pick<Target, "protocol" | "hostname" | "port">;
  readonly settings: ConnectSettings;
  /** Called as each step is done: `connecting` at once, `resolved` if a name was looked up, `opened`, `secured` with TLS. */
  readonly onStep: (step: Exclude<ExchangeStep, "sent">) => void;
}

/** Called once: with a socket that is ready for a request, or with Node's own error for `mapNodeError`. */
export type OpenCallback = (error: Error | null, socket: net.Socket | null) => void;

/** TLS sessions kept per transport for resumption; as many as Node's own agent keeps. */
const mostSessions = 100;

/**
 * What Node reads of options besides those that are given. It looks on their prototype too, and what somebody has left
 * on Object.prototype must not become the address, the socket or the pre-shared key of a connection.
 */
const unsaid = Object.freeze({
  allowHalfOpen: undefined,
  autoSelectFamily: undefined,
  autoSelectFamilyAttemptTimeout: undefined,
  blockList: undefined,
  enableTrace: undefined,
  family: undefined,
  fd: undefined,
  handle: undefined,
  highWaterMark: undefined,
  hints: undefined,
  isServer: undefined,
  localAddress: undefined,
  localPort: undefined,
  lookup: undefined,
  objectMode: undefined,
  onread: undefined,
  path: undefined,
  pskCallback: undefined,
  requestOCSP: undefined,
  session: undefined,
  signal: undefined,
  socket: undefined,
  timeout: undefined,
  typeOfService: undefined,
});

/**
 * Opens a connection. It fits `connect` of undici's `Client` and `createConnection` of `http.Agent` alike.
 * @returns The socket that is being connected; destroying it gives up, and the callback hears of that too.
 */
export function openSocket(
  { target, settings, onStep }: Opening,
  callback: OpenCallback,
): net.Socket {
  onStep("connecting");
  const secure = target.protocol === "https:";
  const place = settings.socketPath
    ? { path: settings.socketPath }
    : { ...settings.socket, host: target.hostname, port: target.port };
  const common = {
    ...unsaid,
    ...place,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  const socket = secure
    ? tls.connect({ ...common, ...tlsOptions(target, settings) })
    : net.connect(common);

  let resolved = false;
  const resolve = (): void => {
    if (resolved) return;
    resolved = true;
    onStep("resolved");
  };
  socket.on("lookup", (error: Error | null) => {
    if (!error) resolve();
  });
  socket.once("connect", () => {
    onStep("opened");
    if (!secure) settle(null);
  });
  if (secure) {
    socket.once("secureConnect", () => {
      onStep("secured");
      settle(null);
    });
    watchEnd(socket as tls.TLSSocket);
    if (!settings.tls.checkServerIdentity)
      keepSessions(socket as tls.TLSSocket, sessionKey(target), settings.sessions);
  }

  let settled = false;
  const settle = (error: Error | null): void => {
    if (settled) return;
    settled = true;
    callback(error, error ? null : socket);
  };
  // This listener stays: an error between two exchanges, when nobody else listens, must not be uncaught.
  socket.on("error", settle);
  socket.once("close", () => {
    settle(
      Object.assign(new Error("the socket was closed while connecting"), { code: "ECONNRESET" }),
    );
  });
  return socket;
}

function sessionKey({ hostname, port }: Opening["target"]): string {
  return `${hostname}:${port}`;
}

function tlsOptions(target: Opening["target"], settings: ConnectSettings): tls.ConnectionOptions {
  const { rejectUnauthorized, checkServerIdentity } = settings.tls;
  const session = settings.sessions.get(sessionKey(target));
  return {
    // A name for SNI has no trailing dot (RFC 6066 §3), and an address is none.
    servername:
      settings.tls.servername ??
      (net.isIP(target.hostname) ? "" : target.hostname.replace(/\.$/, "")),
    ALPNProtocols: ["http/1.1"],
    // Otherwise Node would make one of these options, and of what is on their prototype.
    secureContext: settings.context ?? tls.createSecureContext(Object.create(null) as object),
    ...(session && { session }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    ...(checkServerIdentity && {
      checkServerIdentity: (hostname, certificate) =>
        refusal(() => checkServerIdentity(hostname, certificate)),
    }),
  };
}

/** What the user's own check says against a certificate. Node would let what it throws end the process. */
function refusal(check: () => unknown): HttpError | undefined {
  let cause: unknown;
  try {
    cause = check();
    if (!cause) return undefined;
  } catch (error) {
    cause = error;
  }
  // It may be Node's own check that the user's ends with.
  const known = mapNodeError(cause, { stage: "connecting" });
  if (known.code.startsWith("ERR_TLS_")) return known;
  return httpError("ERR_TLS_UNTRUSTED", {
    what: "`tls.checkServerIdentity` refused the certificate",
    remedy: "See cause.",
    cause,
  });
}

function keepSessions(socket: tls.TLSSocket, key: string, sessions: Map<string, Buffer>): void {
  socket.on("session", (session) => {
    sessions.delete(key);
    sessions.set(key, session);
    if (sessions.size > mostSessions) sessions.delete(sessions.keys().next().value as string);
  });
  // A session that a connection failed with is not tried again.
  socket.once("error", () => sessions.delete(key));
}

const infos = new WeakMap<net.Socket, ConnectionInfo>();

/** Facts about an open socket: one object for its whole life. */
export function connectionInfo(socket: net.Socket): ConnectionInfo {
  let info = infos.get(socket);
  if (!info) {
    info = {
      remoteAddress: socket.remoteAddress ?? null,
      remotePort: socket.remotePort ?? null,
      localAddress: socket.localAddress ?? null,
      localPort: socket.localPort ?? null,
      tlsProtocol: socket instanceof tls.TLSSocket ? socket.getProtocol() : null,
    };
    infos.set(socket, info);
  }
  return info;
}
