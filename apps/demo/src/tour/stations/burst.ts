// Many requests at once, through the session's fair queue.
import { count, duration } from "../../format.ts";
import type { Station } from "../station.ts";

export const burst: Station = {
  name: "burst",
  run: async ({ client, session, screen, burst: total, concurrency }) => {
    let most = 0;
    let waiting = 0;
    const look = (): void => {
      most = Math.max(most, session.stats.active);
      waiting = Math.max(waiting, session.stats.queued);
    };
    const bar = screen.bar("burst", total, (done) => {
      const { active, queued } = session.stats;
      return `${count(done)} of ${count(total)} · ${active} under way · ${count(queued)} queued`;
    });
    const began = performance.now();
    try {
      const numbers = await Promise.all(
        Array.from({ length: total }, async (_, index) => {
          const number = await client.item(index);
          look();
          bar.advance(1);
          return number;
        }),
      );
      const right = numbers.every((number, index) => number === index);
      if (!right) throw new Error("an answer reached the wrong caller");
    } finally {
      bar.remove();
    }
    if (most > concurrency) throw new Error(`${most} requests were under way at once`);
    return {
      says: `${count(total)} answers`,
      lines: [
        `${count(total)} requests, each got its own answer, in ${duration(performance.now() - began)}`,
        `at most ${most} of ${concurrency} allowed under way, up to ${count(waiting)} in the queue`,
      ],
      value: { answers: total, withinLimit: true },
    };
  },
};
