// DELETE with a query and read `args` back.
import type { Station } from "../station.ts";

export const remove: Station = {
  name: "delete",
  run: async ({ client }) => {
    const arrived = await client.remove({ name: "Jack", age: 20 });
    return {
      says: `args of ${Object.keys(arrived).length} names`,
      lines: [`DELETE ?name=Jack&age=20 arrived as ${JSON.stringify(arrived)}`],
      value: arrived,
    };
  },
};
