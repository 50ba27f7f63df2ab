/* The origin of the benchmark: raw sockets and a prepared answer, so that it costs as little as it can. Run as a child process. */

import { createServer } from "node:net";

const content = JSON.stringify({
  id: 7,
  name: "crate",
  price: 12.5,
  tags: ["a", "b", "c"],
  stock: { here: 3, there: 0 },
});
const response = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "date: Mon, 23 Nov 2026 00:00:00 GMT",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(content)}`,
    "cache-control: no-store",
    "x-request-id: 0123456789abcdef",
    "connection: keep-alive",
    "",
    content,
  ].join("\r\n"),
);

let requests = 0;
const server = createServer((socket) => {
  let tail = "";
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.on("data", (data) => {
    const text = tail + data.toString("latin1");
    const heads = text.split("\r\n\r\n");
    tail = heads.pop() ?? "";
    requests += heads.length;
    for (const _ of heads) socket.write(response);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address ? address.port : 0 });
});
process.on("message", () => process.send?.({ requests }));
process.on("disconnect", () => process.exit(0));
