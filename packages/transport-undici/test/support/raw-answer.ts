/* A server that answers with the very octets that it is given. */

import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/**
 * The URL of a server that sends this to each connection, for the length of the test.
 * @param how `octets`: one at a time instead of whole. `end`: the connection ends behind it.
 */
export async function urlOf(
  text: string,
  how: { readonly octets?: boolean; readonly end?: boolean },
): Promise<string> {
  const answer = async (socket: Socket): Promise<void> => {
    for (const piece of how.octets ? text : [text]) {
      socket.write(piece, "latin1");
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (how.end) socket.end();
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => void answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}
