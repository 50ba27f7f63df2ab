/* The suite inside the page: a slice of it, live, in the browser that shows the matrix. */

import { readFileSync } from "node:fs";
import { allCases, type JsonReport, select } from "@anyhttp/conformance";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRuns } from "./sample.ts";
import { picture, type Stage, stage } from "./support.ts";

/** Rules that every browser keeps, of each area. */
const slice = ["transport/method", "session/urls", "session/extend"];
const { cases } = select(allCases, slice);

let the: Stage;
beforeAll(async () => {
  the = await stage({ runs: sampleRuns(1), origin: true });
});
afterAll(() => the[Symbol.asyncDispose]());

async function run(page: Page, globs: string): Promise<void> {
  await page.getByRole("textbox", { name: "Cases" }).fill(globs);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

describe("running the suite in this browser", () => {
  it("runs what is chosen, and none of it fails; outcomes are a column of the matrix", async () => {
    const page = await the.open("#view=run");
    await run(page, slice.join(" "));
    await page.getByRole("button", { name: "See them in the matrix" }).waitFor();
    expect(await page.locator(".state").textContent()).toBe(`All ${cases.length} cases ran.`);
    await picture(page, "live-done");
    expect(await page.locator(".bad-cases li").allTextContents()).toEqual([]);

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export as JSON" }).click();
    const report = JSON.parse(readFileSync(await (await download).path(), "utf8")) as JsonReport;
    expect(report.suite.cases).toBe(cases.length);
    expect(Object.keys(report.runs[0]?.outcomes ?? {})).toHaveLength(cases.length);
    expect(report.runs[0]?.runtime.name).toMatch(/^chrom/);

    await page.getByRole("button", { name: "See them in the matrix" }).click();
    await page.locator(".row.area", { hasText: "transport/method" }).locator(".head").click();
    const cell = page.locator(".row.case .cell.pass").first();
    await cell.click();
    // Both witnesses and the wire are those of this run.
    await page.getByRole("heading", { name: "On the wire" }).waitFor();
    const text = await page.locator("#detail-content").innerText();
    expect(text).toContain("in this browser");
    expect(text).toMatch(/user-agent\s+Mozilla/i);
    await picture(page, "live-detail");
  });

  it("can be stopped; what has run stays", async () => {
    const page = await the.open("#view=run");
    await run(page, "session/redirect session/cookies transport/framing");
    await expect
      .poll(() => page.evaluate<number>("document.querySelector('progress').value"))
      .toBeGreaterThan(0);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "See them in the matrix" }).waitFor();
    expect(await page.locator(".state").textContent()).toMatch(/^Stopped after \d+ cases? of /);
    expect(await page.getByRole("button", { name: "Run", exact: true }).isVisible()).toBe(true);
  });

  it("says so when no case fits", async () => {
    const page = await the.open("#view=run");
    await run(page, "session/nothing");
    await expect
      .poll(() => page.locator(".state").textContent())
      .toBe("No case fits session/nothing.");
  });

  it("says how to start an origin where there is none", async () => {
    await using alone = await stage({ runs: [] });
    const page = await alone.open("#view=run");
    await expect.poll(() => page.locator("#page-run").innerText()).toContain("npx pnpm page");
    await page.getByRole("link", { name: "Matrix" }).click();
    expect(await page.locator("#summary .verdict").textContent()).toContain("no results yet");
  });

  it("asks nobody but this machine, whatever the cases do", () => {
    const strange = [...the.requests].filter(
      (url) => !/^(?:blob:)?https?:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(url),
    );
    expect(strange).toEqual([]);
  });
});
