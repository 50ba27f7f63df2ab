// GET a page as text.
import type { Station } from "../station.ts";

/** Fields that say something about the moment or the connection, not about the page. */
const passing = ["date", "connection", "keep-alive", "transfer-encoding"];

export const page: Station = {
  name: "page",
  run: async ({ client }) => {
    const { status, headers, text } = await client.page();
    const start = text.slice(0, 20);
    return {
      says: `${status}, ${text.length} characters`,
      lines: [
        `GET answered ${status}; the text begins ${JSON.stringify(start)}`,
        ...headers.map(([name, value]) => `${name}: ${value}`),
      ],
      value: {
        status,
        text,
        headers: headers
          .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
          .filter((line) => !passing.some((name) => line.startsWith(`${name}:`)))
          .toSorted(),
      },
    };
  },
};
