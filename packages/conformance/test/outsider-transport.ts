/*
 * A transport as an outsider would write it: over bare node:http, from the contract file alone, with nothing of anyhttp
 * but core. It passes the whole suite, and the broken transports are this one with one thing spoilt.
 */

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import {
  bodyLength,
  bodyPieces,
  type ErrorCode,
  fullCapabilities,
  httpError,
  Inlet,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  webDecoders,
} from "@anyhttp/core";

const connectCodes: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "ERR_DNS_NOT_FOUND",
  EAI_AGAIN: "ERR_DNS_FAILED",
  ECONNREFUSED: "ERR_CONNECT_REFUSED",
  EHOSTUNREACH: "ERR_CONNECT_UNREACHABLE",
  ENETUNREACH: "ERR_CONNECT_UNREACHABLE",
  ECONNRESET: "ERR_CONNECT_RESET",
  ERR_TLS_CERT_ALTNAME_INVALID: "ERR_TLS_HOSTNAME",
  CERT_HAS_EXPIRED: "ERR_TLS_EXPIRED",
  DEPTH_ZERO_SELF_SIGNED_CERT: "ERR_TLS_UNTRUSTED",
  SELF_SIGNED_CERT_IN_CHAIN: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "ERR_TLS_UNTRUSTED",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "ERR_TLS_UNTRUSTED",
  EPROTO: "ERR_TLS_HANDSHAKE",
};

/** Makes the transport. */
export function outsiderTransport(
  options: { readonly tls?: { readonly ca?: string } } = {},
): Transport {
  const sockets = new Set<Socket>();
  const agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true, ca: options.tls?.ca }),
  };
  return {
    name: "outsider",
    capabilities: fullCapabilities,
    decoders: webDecoders,
    send: (request) => {
      return new Promise((resolve, reject) => {
        if (request.signal.aborted) return reject(request.signal.reason as Error);
        exchange(request, agents[request.target.protocol], sockets, resolve, reject);
      });
    },
    async close() {
      // Sockets in use are closed when their exchange ends: an agent keeps none once it is destroyed.
      for (const agent of Object.values(agents)) {
        agent.keepAlive = false;
        for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
      }
      await Promise.all(
        [...sockets].map((socket) => new Promise((done) => socket.once("close", done))),
      );
    },
  };
}

function exchange(
  request: TransportRequest,
  agent: http.Agent,
  sockets: Set<Socket>,
  resolve: (response: TransportResponse) => void,
  reject: (reason: unknown) => void,
): void {
  const { method, target, body, signal, trace } = request;
  const length = bodyLength(body);
  const headers = [...request.headers];
  if (!headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "host"))
    headers.unshift("host", target.host);
  if (length === null) headers.push("transfer-encoding", "chunked");
  else if (body !== null || /^(?:POST|PUT|PATCH)$/.test(method))
    headers.push("content-length", String(length));

  const { request: start } = target.protocol === "https:" ? https : http;
  const { hostname, port, path } = target;
  // A list of headers keeps their order and case, but Node writes it at once, before the method can be set right.
  const client = start({ agent, method: "POST", hostname, port, path, setHost: false });
  client.method = method;
  client.useChunkedEncodingByDefault = length === null;
  (client as unknown as { _storeHeader(line: string, fields: string[]): void })._storeHeader(
    `${method} ${path} HTTP/1.1\r\n`,
    headers,
  );
  let connected: Socket | null = null;
  let readBefore = 0;
  let inlet: Inlet | null = null;

  const stop = (reason: unknown): void => {
    signal.onabort = null;
    reject(reason);
    client.destroy();
  };
  signal.onabort = stop;
  client.on("socket", (socket) => {
    const ready = (): void => {
      connected = socket;
      readBefore = socket.bytesRead;
      trace.connected(connectionOf(socket), client.reusedSocket);
      void upload(request, client).catch(stop);
    };
    if (client.reusedSocket) return ready();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    trace.mark("connecting");
    socket.once(target.protocol === "https:" ? "secureConnect" : "connect", ready);
  });
  client.on("finish", () => trace.mark("sent"));
  client.on("upgrade", (_message, socket: Socket) => {
    socket.destroy();
    stop(httpError("ERR_PROTOCOL_UPGRADE"));
  });
  client.on("error", (error: Error & { code?: string }) => {
    if (inlet) return inlet.fail(contentError(error));
    stop(
      headError(
        error,
        client.reusedSocket,
        connected !== null,
        (connected?.bytesRead ?? 0) > readBefore,
      ),
    );
  });
  client.on("response", (message) => {
    signal.onabort = null;
    if (message.statusCode === 101) return stop(httpError("ERR_PROTOCOL_UPGRADE"));
    const content = new Inlet({
      pause: () => message.pause(),
      resume: () => message.resume(),
      cancel: () => message.destroy(),
    });
    inlet = content;
    message.on("data", (piece: Buffer<ArrayBuffer>) => content.data(piece));
    message.on("error", (error: Error) => content.fail(contentError(error)));
    message.on("end", () => {
      if (!message.complete) return content.fail(httpError("ERR_CONTENT_TRUNCATED"));
      if (!client.writableFinished) client.destroy(); // the rest of the upload is of no use to anybody
      // A tick later the agent has its socket back.
      setImmediate(() => content.end(message.rawTrailers));
    });
    resolve({
      status: message.statusCode ?? 0,
      statusText: message.statusMessage ?? "",
      headers: message.rawHeaders,
      httpVersion: message.httpVersion,
      body: content,
    });
  });
}

async function upload({ body }: TransportRequest, client: http.ClientRequest): Promise<void> {
  if (body !== null) {
    for await (const piece of bodyPieces(body)) {
      if (client.destroyed) return;
      if (client.write(piece)) continue;
      await new Promise<void>((resolve) => client.once("drain", resolve).once("close", resolve));
    }
  }
  client.end();
}

function headError(
  error: Error & { code?: string },
  reused: boolean,
  connected: boolean,
  received: boolean,
): Error {
  const { code = "" } =
    error instanceof AggregateError ? ((error.errors[0] ?? {}) as { code?: string }) : error;
  if (!connected)
    return httpError(
      code.startsWith("ERR_SSL_")
        ? "ERR_TLS_HANDSHAKE"
        : (connectCodes[code] ?? "ERR_CONNECT_FAILED"),
      { cause: error },
    );
  if (code === "HPE_HEADER_OVERFLOW")
    return httpError("ERR_PROTOCOL_HEAD_TOO_LARGE", { cause: error });
  if (code.startsWith("HPE_")) return httpError("ERR_PROTOCOL_HEAD", { cause: error });
  if (received) return httpError("ERR_DISCONNECTED", { cause: error, requestSent: "yes" });
  return httpError(reused ? "ERR_DISCONNECTED_IDLE" : "ERR_DISCONNECTED", { cause: error });
}

function contentError(error: Error & { code?: string }): Error {
  const parser = error.code?.startsWith("HPE_") === true && error.code !== "HPE_INVALID_EOF_STATE";
  return httpError(parser ? "ERR_PROTOCOL_FRAMING" : "ERR_CONTENT_TRUNCATED", { cause: error });
}

function connectionOf(socket: Socket): Parameters<TransportRequest["trace"]["connected"]>[0] {
  const { remoteAddress = null, remotePort = null, localAddress = null, localPort = null } = socket;
  const tlsProtocol = (socket as { getProtocol?: () => string | null }).getProtocol?.() ?? null;
  return { remoteAddress, remotePort, localAddress, localPort, tlsProtocol };
}
