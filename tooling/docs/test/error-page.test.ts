import { type ErrorCode, errorCodes } from "@anyhttp/core";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePage } from "../src/blocks.ts";
import { withErrorCodes } from "../src/error-page.ts";

const file = join(import.meta.dirname, "../../../docs/errors.md");
const page = readFileSync(file, "utf8");
const codes = Object.keys(errorCodes) as ErrorCode[];

describe("withErrorCodes", () => {
  it("gives each code a heading that it is found by", () => {
    const { anchors } = parsePage("errors.md", withErrorCodes(page));
    expect(codes.filter((code) => !anchors.has(code.toLowerCase()))).toEqual([]);
  });

  it("keeps what stands above, and writes the rest anew", () => {
    const [above] = page.split("<!--");
    const changed = `${page.replace("Whatever goes wrong", "What goes wrong")}stale`;
    const written = withErrorCodes(changed);
    expect(written).toBe(withErrorCodes(page).replace("Whatever goes wrong", "What goes wrong"));
    expect(written).toContain((above ?? "").slice(-100));
  });

  it("says of each code what follows from core", () => {
    const written = withErrorCodes(page);
    for (const code of codes) {
      const [kind, phase, sent, , remedy] = errorCodes[code];
      const [, entry = ""] = written.split(`### ${code}\n`);
      const [text] = entry.split("\n#");
      expect(text).toContain(`_Remedy:_ ${remedy}`);
      expect(text).toMatch(
        new RegExp(`^\`${kind}\`.* · phase \`${phase}\` · request sent: \`${sent}\``, "m"),
      );
    }
    expect(written).toMatch(/### ERR_DNS_FAILED\n[^#]*retryable: yes\n/);
    expect(written).toMatch(/### ERR_DISCONNECTED\n[^#]*retryable: if the method is idempotent\n/);
    expect(written).toMatch(/### ERR_TLS_EXPIRED\n[^#]*retryable: no\n/);
  });

  it("refuses a page that has lost its mark", () => {
    expect(() => withErrorCodes("# Errors")).toThrow("lost its mark");
  });
});
