import { once } from "node:events";
import * as net from "node:net";
import * as tls from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { bareTransport } from "./support/bare-http.ts";
import { makeCertificates } from "./support/certificates.ts";
import { failure, makeRequest, readAll, roundTrip } from "./support/exchange.ts";

const { ca, cert, key } = makeCertificates();
const versions = ["TLSv1.2", "TLSv1.3"] as const;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that says this and ends: with close_notify, or the TCP connection below TLS. */
async function setUp(
  version: tls.SecureVersion,
  response: string,
  ending: "announced" | "cut",
): Promise<{ url: string; transport: ReturnType<typeof bareTransport> }> {
  const server = net.createServer((raw) => {
    const socket = new tls.TLSSocket(raw, {
      isServer: true,
      secureContext: tls.createSecureContext({
        cert,
        key,
        minVersion: version,
        maxVersion: version,
      }),
    });
    socket.on("error", () => undefined);
    socket.once("data", () => {
      if (ending === "announced") socket.end(response);
      else socket.write(response, () => raw.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = bareTransport({ tls: { ca } });
  closing.push(
    () => transport.close(),
    () => server.close(),
  );
  return {
    url: `https://127.0.0.1:${(server.address() as net.AddressInfo).port}/`,
    transport,
  };
}

const head = (...fields: readonly string[]): string =>
  ["HTTP/1.1 200 OK", ...fields, "", ""].join("\r\n");

describe.each(versions)("the end of a connection with %s", (version) => {
  it("ends content that nothing else ends, if the peer has announced it", async () => {
    const { url, transport } = await setUp(version, `${head()}whole`, "announced");
    expect((await roundTrip(transport, makeRequest(url))).text).toBe("whole");
  });

  it.each([
    ["", "before the first octet"],
    ["half", "after some"],
  ])("without a word breaks such content off (%j, %s)", async (content) => {
    const { url, transport } = await setUp(version, head() + content, "cut");
    const { body } = await transport.send(makeRequest(url));
    expect(await failure(readAll(body))).toMatchObject({
      code: "ERR_CONTENT_TRUNCATED",
      cause: { code: "ERR_SSL_UNEXPECTED_EOF_WHILE_READING" },
    });
  });

  it.each([
    ["a length", head("content-length: 5", "connection: close"), "whole", "GET"],
    [
      "chunks",
      head("transfer-encoding: chunked", "connection: close"),
      "5\r\nwhole\r\n0\r\n\r\n",
      "GET",
    ],
    ["its status", "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n", "", "GET"],
    ["its method", head("connection: close"), "", "HEAD"],
  ])("is nothing to content that ends by %s", async (_by, top, content, method) => {
    const { url, transport } = await setUp(version, top + content, "cut");
    const { text } = await roundTrip(transport, makeRequest(url, { method }));
    expect(text).toBe(content && "whole");
  });

  // Around the octets at which Node stops reading, so that the end comes behind the piece that it stopped at.
  it.each([65_536, 131_072, 147_456, 196_608, 300_000])(
    "is seen through a pause, with %i octets before it",
    async (length) => {
      for (const ending of ["announced", "cut"] as const) {
        const { url, transport } = await setUp(version, head() + "x".repeat(length), ending);
        const { body } = await transport.send(makeRequest(url));
        body.pause();
        const read = readAll(body).then(
          ({ text }) => text.length,
          (error: unknown) => (error as { code: string }).code,
        );
        body.pause();
        setTimeout(() => body.resume(), 50);
        expect(await read).toBe(ending === "announced" ? length : "ERR_CONTENT_TRUNCATED");
      }
    },
  );
});
