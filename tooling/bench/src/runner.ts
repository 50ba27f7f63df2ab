/* One contestant in a process of its own, so that no other's garbage or inline caches are in its way. */

import { contestant } from "./contestants.ts";

const [name = "", url = "", flight = "50"] = process.argv.slice(2);
const one = await contestant(name, url, Number(flight));

process.on("message", (count: number) => {
  void round(count).then((cost) => process.send?.(cost));
});
process.on("disconnect", () => {
  void one.close().finally(() => process.exit(0));
});
process.send?.("ready");

/** CPU time per request of one round, in µs. */
async function round(count: number): Promise<number> {
  let left = count;
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const content = (await one.call()) as { id?: unknown };
      if (content.id !== 7) throw new Error(`${name} got something else`);
    }
  };
  await Promise.all(Array.from({ length: Number(flight) }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
