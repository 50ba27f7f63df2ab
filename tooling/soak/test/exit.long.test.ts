/* A process that has made a call ends by itself, without close(), however the call went. */

import { describe, expect, it } from "vitest";
import { startOrigin } from "../src/origin/start.ts";
import { transportNames } from "../src/transports.ts";
import { script } from "./support/script.ts";

const kinds: readonly (readonly [kind: string, outcome: RegExp])[] = [
  ["ok", /^ok$/],
  ["failed", /^ERR_DISCONNECTED$/],
  ["refused", /^ERR_CONNECT_REFUSED$/],
  ["aborted", /^ERR_ABORTED$/],
  ["timed out", /^ERR_TIMEOUT_TOTAL$/],
  ["timed out in an attempt", /^ERR_TIMEOUT_ATTEMPT$/],
  ["timed out while writing", /^ERR_TIMEOUT_WRITE$/],
  ["tried again after a while", /^ERR_STATUS$/],
  ["aborted while it waits", /^ERR_ABORTED$/],
  ["unread", /^ok$/],
  ["unread, long", /^ok$/],
  ["half read", /^ok$/],
];

describe.each(transportNames)("a process with one call on %s", (name) => {
  it.each(kinds)(
    "that is %s ends within 5 s of it",
    { timeout: 150_000 },
    async (kind, outcome) => {
      await using origin = await startOrigin();
      const ended = await script("one-call", [name, kind, JSON.stringify(origin.doors)], 5_000);
      expect(ended).toMatchObject({ code: 0, errors: "" });
      expect(ended.output.trim()).toMatch(outcome);
    },
  );
});
