/* The HTML report: whole, self-contained, and proof against what cases and peers may say. */

import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { escapeHtml, scriptJson } from "../src/report/html/escape.ts";
import { evidenceOf } from "../src/report/html/evidence-of.ts";
import { specUrl } from "../src/report/html/spec-links.ts";
import type { Evidence, PageData } from "../src/report/html/client/data.ts";
import { toHtml } from "../src/report/html.ts";
import { hostile, sampleRecord } from "./support/sample-record.ts";

const record = sampleRecord(60, 6);
const page = toHtml(record);

/** The text of a script element, found as a browser would: up to the first end tag. */
function block(id: string): string {
  const start = page.indexOf(`id="${id}">`);
  if (start < 0) throw new Error(`there is no block ${id}`);
  const from = start + `id="${id}">`.length;
  return page.slice(from, page.indexOf("</script", from));
}

const data = JSON.parse(block("data")) as PageData;

describe("the HTML report", () => {
  it("has every case and every subject, with the outcome of each cell", () => {
    expect(data.cases.map(({ id }) => id)).toEqual(record.suite.cases.map(({ id }) => id));
    expect(data.subjects.map(({ name }) => name)).toEqual(
      record.runs.map(({ subject }) => subject.name),
    );
    record.runs.forEach(({ cells }, column) => {
      const outcomes = data.subjects[column]?.outcomes.map((index) => data.outcomes[index]?.name);
      expect(outcomes).toEqual(record.suite.cases.map(({ id }) => cells[id]?.outcome));
    });
  });

  it("has both witnesses and the wire of every cell", () => {
    record.suite.cases.forEach(({ id }, index) => {
      const evidence = JSON.parse(block(`evidence-${index}`)) as Evidence;
      const cells = record.runs.map((run) => run.cells[id]);
      expect(evidence.map(({ failures }) => failures)).toEqual(cells.map((cell) => cell?.failures));
      expect(evidence.map(({ calls }) => calls.length)).toEqual(
        cells.map((cell) => cell?.observations.length),
      );
      const wires = evidence.map(({ origin }) => origin?.wire.map(({ detail }) => detail));
      expect(wires).toEqual(cells.map((cell) => cell?.ledger?.wire.map(({ detail }) => detail)));
      expect(evidence.map(({ origin }) => origin?.arrivals.length)).toEqual(
        cells.map((cell) => cell?.ledger?.arrivals.length),
      );
    });
  });

  it("gives each subject an address of its own", () => {
    const keys = data.subjects.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[\w@.-]+$/.test(key))).toBe(true);
  });

  it("keeps hostile text as data, whole", () => {
    expect(data.cases.find(({ id }) => id.endsWith("0000"))?.title).toContain(hostile);
    expect(page).not.toContain("<img");
    expect(page).not.toContain("alert(1)</script>");
    expect(page.match(/<script/g)).toHaveLength(record.suite.cases.length + 2);
    expect(page.match(/<\/script/g)).toHaveLength(record.suite.cases.length + 2);
  });

  it("loads nothing", () => {
    const markup = page.replaceAll(/<script[^>]*>[\s\S]*?<\/script>/g, "");
    expect(markup).not.toMatch(/https?:|\b(?:src|srcset|poster|action)=|url\(|@import/);
    expect(markup.match(/href="[^"]*"/g)?.every((href) => /"(?:#|data:,)/.test(href))).toBe(true);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("writes its script so that it runs alone: nothing is imported and the syntax is sound", () => {
    const script = page.slice(
      page.lastIndexOf("<script>") + "<script>".length,
      page.lastIndexOf("</script>"),
    );
    expect(script).not.toMatch(/\bimport\b|__vi|\bexport\b/);
    expect(() => new Script(script)).not.toThrow();
  });

  it("cuts texts that nobody would read to the end", () => {
    const runs = record.runs.map((run) => {
      const cells = Object.entries(run.cells).map(([id, cell]) => {
        return [id, { ...cell, failures: ["x".repeat(300_000)] }] as const;
      });
      return { ...run, cells: Object.fromEntries(cells) };
    });
    const cut = toHtml({ ...record, runs });
    expect(cut).not.toContain("x".repeat(5000));
    expect(cut).toContain("… (300000 characters in all)");
  });

  it("keeps the beginning and the end of a long trace", () => {
    const wire = Array.from({ length: 500 }, (_, at) => {
      return { at, connection: 1, what: "received" as const, detail: `piece ${at}`, size: 9 };
    });
    const id = record.suite.cases[0]?.id ?? "";
    const runs = record.runs.map((run) => {
      const ledger = { arrivals: [], connections: [], wire };
      const cells = Object.entries(run.cells).map(([key, cell]) => [key, { ...cell, ledger }]);
      return { ...run, cells: Object.fromEntries(cells) as typeof run.cells };
    });
    const shown = evidenceOf(id, runs)[0]?.origin?.wire ?? [];
    expect(shown[0]?.detail).toBe("piece 0");
    expect(shown.find(({ what }) => what === "note")?.detail).toBe("468 more events");
    expect(shown.at(-1)?.detail).toBe("piece 499");
  });

  it("refuses a record in which a case was not run", () => {
    const incomplete = { ...record, runs: record.runs.map((run) => ({ ...run, cells: {} })) };
    expect(() => toHtml(incomplete)).toThrow("the record has no cell for case");
  });
});

describe("escaping", () => {
  it("leaves no markup in text and attributes", () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  });

  it("keeps JSON the same value without any character that ends a script element", () => {
    const json = scriptJson({ hostile });
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).toEqual({ hostile });
  });
});

describe("links to specifications", () => {
  it.each([
    ["RFC 9110 §15.4.4", "https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4"],
    ["RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110"],
    ["RFC 9112 §8, last paragraph", "https://www.rfc-editor.org/rfc/rfc9112#section-8"],
    ["RFC 3986 appendix B", "https://www.rfc-editor.org/rfc/rfc3986#appendix-B"],
    ["WHATWG Fetch §4.4", "https://fetch.spec.whatwg.org/"],
    ["Fetch #http-redirect-fetch", "https://fetch.spec.whatwg.org/#http-redirect-fetch"],
    ["WHATWG MIME Sniffing", "https://mimesniff.spec.whatwg.org/"],
    ["DESIGN §7", null],
    ["javascript:alert(1)", null],
  ])("%s leads to %s", (reference, url) => {
    expect(specUrl(reference)).toBe(url);
  });
});
