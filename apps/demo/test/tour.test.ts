// The tour as a whole: what it shows of a transport that does not behave.
import type { Transport, TransportRequest } from "@anyhttp/core";
import { describe, expect, it } from "vitest";
import { plainScreen } from "../src/screen/plain-screen.ts";
import { tour } from "../src/tour/tour.ts";
import { openTransport } from "../src/transports.ts";

/** Runs a short tour of three transports, the last of which sends what `twist` makes of each request. */
async function tourWith(twist: (request: TransportRequest) => TransportRequest) {
  const lines: string[] = [];
  const screen = plainScreen((line) => lines.push(line));
  const options = {
    transports: ["undici", "axios", "node-fetch"],
    burst: 20,
    download: 1024,
  } as const;
  const alike = await tour(options, screen, async (name, ca) => {
    const real = await openTransport(name, ca);
    if (name !== "node-fetch") return real;
    const { capabilities, decoders, encoders } = real;
    const send: Transport["send"] = (request) => real.send(twist(request));
    return {
      name,
      capabilities,
      decoders,
      encoders,
      send,
      idle: () => real.idle(),
      close: () => real.close(),
    };
  });
  return { alike, text: lines.join("\n") };
}

function elsewhere(request: TransportRequest, change: (path: string) => string): TransportRequest {
  return { ...request, target: { ...request.target, path: change(request.target.path) } };
}

describe("tour", () => {
  it("calls three good transports alike", async () => {
    const { alike, text } = await tourWith((request) => request);
    expect(text).toContain("✓ All 12 stations alike");
    expect(alike).toBe(true);
  });

  it("reports a transport that changes a value", async () => {
    const { alike, text } = await tourWith((request) =>
      elsewhere(request, (path) => path.replace("age=20", "age=21")),
    );
    expect(alike).toBe(false);
    expect(text).toContain('✗ delete: node-fetch has age "21" instead of "20", unlike undici');
    expect(text).toContain("✗ 1 of 12 stations not alike");
  });

  it("reports a transport that hides a fault", async () => {
    const { alike, text } = await tourWith((request) =>
      elsewhere(request, (path) => path.replace("/fault/truncated/", "/bytes/")),
    );
    expect(alike).toBe(false);
    expect(text).toContain("✗ cut off: node-fetch failed: the call succeeded");
  });

  it("reports a transport that mixes up answers", async () => {
    const { alike, text } = await tourWith((request) =>
      elsewhere(request, (path) => path.replace("/items/7", "/items/8")),
    );
    expect(alike).toBe(false);
    expect(text).toContain("✗ burst: node-fetch failed: an answer reached the wrong caller");
  });
});
