// A large download, read piece by piece and never held whole.
import { createHash } from "node:crypto";
import { duration, size } from "../../format.ts";
import type { Station } from "../station.ts";

const seed = 7;

export const download: Station = {
  name: "download",
  run: async ({ client, screen, download: total }) => {
    const digest = createHash("sha256");
    const began = performance.now();
    let received = 0;
    const rate = (): string => `${size((received / (performance.now() - began)) * 1000)}/s`;
    const bar = screen.bar(
      "download",
      total,
      (done) => `${size(done)} of ${size(total)} · ${rate()}`,
    );
    try {
      for await (const piece of client.download(total, seed)) {
        received += piece.length;
        digest.update(piece);
        bar.advance(piece.length);
      }
    } finally {
      bar.remove();
    }
    const sha256 = digest.digest("hex");
    return {
      says: size(received),
      lines: [
        `${size(received)} in ${duration(performance.now() - began)} (${rate()})`,
        `sha-256 ${sha256.slice(0, 32)}…`,
      ],
      value: { received, sha256 },
    };
  },
};
