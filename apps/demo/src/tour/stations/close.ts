// Closes the session; what is called afterwards is refused.
import { duration } from "../../format.ts";
import { failing, type Station } from "../station.ts";

export const close: Station = {
  name: "close",
  run: async ({ client, session }) => {
    const began = performance.now();
    await session.close();
    const took = performance.now() - began;
    const { says, lines, value } = await failing("ERR_SESSION_CLOSED", () => client.page());
    const { active, queued } = session.stats;
    return {
      says: "closed",
      lines: [`closed in ${duration(took)}; a further call is refused:`, ...lines],
      value: { says, value, active, queued },
    };
  },
};
