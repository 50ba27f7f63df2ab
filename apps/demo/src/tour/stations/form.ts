// POST a form and read back from JSON what arrived.
import type { Station } from "../station.ts";

export const form: Station = {
  name: "form",
  run: async ({ client }) => {
    const arrived = await client.submit({ name: "Jack", age: 20 });
    return {
      says: `form of ${Object.keys(arrived).length} fields`,
      lines: [`POST {name: "Jack", age: 20} arrived as ${JSON.stringify(arrived)}`],
      value: arrived,
    };
  },
};
