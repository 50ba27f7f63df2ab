// PUT binary content and read it back.
import type { Station } from "../station.ts";

export const binary: Station = {
  name: "binary",
  run: async ({ client }) => {
    // Every byte there is, so that any decoding on the way would show.
    const sent = Uint8Array.from({ length: 256 }, (_, index) => index);
    const arrived = await client.store(sent);
    const same = Buffer.from(sent).equals(arrived);
    if (!same)
      throw new Error(`${sent.length} bytes went out, ${arrived.length} other ones came back`);
    return {
      says: `${arrived.length} bytes, unchanged`,
      lines: [
        `PUT ${sent.length} bytes; the same ${arrived.length} came back`,
        `${Buffer.from(arrived.subarray(0, 8)).toString("hex")} … ${Buffer.from(arrived.subarray(-8)).toString("hex")}`,
      ],
      value: Buffer.from(arrived).toString("base64"),
    };
  },
};
