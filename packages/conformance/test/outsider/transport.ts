/*
 * A transport as an outsider would write it: over bare node:http, from the contract file, core, and
 * the error map and decoders that Node transports share. It passes the whole suite, and the broken transports are this one with one thing spoilt.
 */

import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { bodyLength, bodyPieces, fullCapabilities, httpError } from "@anyhttp/core";
import { Inlet, type Transport, type TransportRequest } from "@anyhttp/core";
import { mapNodeError, nodeDecoders } from "@anyhttp/node-connect";

type Send = Transport["send"];
type Resolve = (response: Awaited<ReturnType<Send>>) => void;

/** Makes the transport. */
export function outsiderTransport(
  options: { readonly tls?: { readonly ca?: string } } = {},
): Transport {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true, ...options.tls });
  const sockets = new Set<Socket>();
  const send: Send = (request) =>
    new Promise((resolve, reject) => {
      if (request.signal.aborted) return reject(request.signal.reason as Error);
      const agent = request.target.protocol === "https:" ? secure : plain;
      exchange(request, agent, sockets, resolve, reject);
    });
  const close = async (): Promise<void> => {
    for (const agent of [plain, secure]) {
      (agent as { keepAlive?: boolean }).keepAlive = false; // those in use are not kept any more
      for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
    }
    const closing = [...sockets].map((socket) => new Promise((done) => socket.once("close", done)));
    await Promise.all(closing);
  };
  const decoders = nodeDecoders;
  return { name: "outsider", capabilities: fullCapabilities, decoders, send, close };
}

function exchange(
  request: TransportRequest,
  agent: http.Agent,
  sockets: Set<Socket>,
  resolve: Resolve,
  reject: (reason: unknown) => void,
): void {
  const { target, signal, trace } = request;
  const { protocol, hostname, port } = target;
  const client = (protocol === "https:" ? https : http).request({ agent, hostname, port });
  writeHead(client, request);
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
      upload(request, client).catch(stop);
    };
    if (client.reusedSocket) return ready();
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    trace.mark("connecting");
    socket.once(protocol === "https:" ? "secureConnect" : "connect", ready);
  });
  client.on("finish", () => trace.mark("sent"));
  client.on("upgrade", (_message, socket) => {
    socket.destroy();
    stop(httpError("ERR_PROTOCOL_UPGRADE"));
  });
  client.on("error", (error) => {
    if (inlet) return inlet.fail(mapNodeError(error, { stage: "content" }));
    const received = connected !== null && connected.bytesRead > readBefore;
    const stage = connected ? "head" : "connecting";
    stop(mapNodeError(error, { stage, reused: client.reusedSocket, received }));
  });
  client.on("response", (message) => {
    signal.onabort = null;
    if (message.statusCode === 101) return stop(httpError("ERR_PROTOCOL_UPGRADE"));
    const [pause, resume] = [() => message.pause(), () => message.resume()];
    const body = new Inlet({ pause, resume, cancel: () => message.destroy() });
    inlet = body;
    message.on("data", (piece: Buffer<ArrayBuffer>) => body.data(piece));
    message.on("error", (error) => body.fail(mapNodeError(error, { stage: "content" })));
    message.on("end", () => {
      if (!message.complete) return body.fail(httpError("ERR_CONTENT_TRUNCATED"));
      if (!client.writableFinished) client.destroy(); // the rest of the upload is of no use to anybody
      setImmediate(() => body.end(message.rawTrailers)); // by then the agent has its socket back
    });
    const {
      statusCode: status = 0,
      statusMessage: statusText = "",
      rawHeaders: headers,
      httpVersion,
    } = message;
    resolve({ status, statusText, headers, httpVersion, body });
  });
}

/** Node has no public way to send a method and fields as they are spelt. */
function writeHead(
  client: http.ClientRequest,
  { method, target, headers, body }: TransportRequest,
): void {
  const lines = [...headers];
  if (!lines.some((name, i) => i % 2 === 0 && /^host$/i.test(name)))
    lines.unshift("host", target.host);
  const length = bodyLength(body);
  if (length === null) lines.push("transfer-encoding", "chunked");
  else if (body || /^(?:POST|PUT|PATCH)$/.test(method)) lines.push("content-length", `${length}`);
  const line = `${method} ${target.path} HTTP/1.1\r\n`;
  const writer = client as unknown as {
    _storeHeader(line: string, fields: readonly string[]): void;
  };
  const closes = lines.some((name, i) => /^connection$/i.test(name) && lines[i + 1] === "close");
  Object.assign(client, { method, useChunkedEncodingByDefault: length === null });
  if (closes) client.shouldKeepAlive = false;
  writer._storeHeader(line, lines);
}

async function upload({ body }: TransportRequest, client: http.ClientRequest): Promise<void> {
  let go = (): void => undefined;
  client.on("drain", () => go()).on("close", () => go());
  for await (const piece of body ? bodyPieces(body) : []) {
    if (client.destroyed) return;
    if (!client.write(piece)) await new Promise<void>((resolve) => (go = resolve));
    else await new Promise((resolve) => setImmediate(resolve)); // or a source that never waits starves all else
  }
  client.end();
}

function connectionOf(socket: Socket): Parameters<TransportRequest["trace"]["connected"]>[0] {
  const { remoteAddress = null, remotePort = null, localAddress = null, localPort = null } = socket;
  const tlsProtocol = "getProtocol" in socket ? (socket.getProtocol as () => string)() : null;
  return { remoteAddress, remotePort, localAddress, localPort, tlsProtocol };
}
