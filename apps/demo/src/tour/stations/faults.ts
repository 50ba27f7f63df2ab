// Four ways to fail, each shown as the error that a user of the library would see.
import { type AddressInfo, createServer } from "node:net";
import { StatusError } from "@anyhttp/core";
import { HttpbinClient } from "@anyhttp/demo-library";
import { failing, type Station } from "../station.ts";

export const timeOut: Station = {
  name: "time-out",
  run: ({ client }) => failing("ERR_TIMEOUT_TOTAL", () => client.ponder(5, { timeout: 250 })),
};

export const refused: Station = {
  name: "refused",
  run: async ({ session }) => {
    const client = new HttpbinClient({
      session: session.extend({ baseUrl: `http://127.0.0.1:${await closedPort()}` }),
    });
    return failing("ERR_CONNECT_REFUSED", () => client.page());
  },
};

export const unavailable: Station = {
  name: "503",
  run: ({ client }) =>
    failing("ERR_STATUS", async () => {
      try {
        await client.status(503);
      } catch (error) {
        if (error instanceof StatusError && error.status !== 503) {
          throw new Error(`expected a 503, got: ${error.message}`, { cause: error });
        }
        throw error;
      }
    }),
};

export const truncated: Station = {
  name: "cut off",
  run: ({ client }) => failing("ERR_CONTENT_TRUNCATED", () => client.file("fault/truncated/4096")),
};

/** A port on which nothing listens: taken a moment ago, and given back. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
