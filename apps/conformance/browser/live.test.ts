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

  it("says so when no case fits, and keeps what was run before", async () => {
    const page = await the.open("#view=run");
    const see = page.getByRole("button", { name: "See them in the matrix" });
    const { length } = select(allCases, ["transport/method"]).cases;
    const one = select(allCases, ["transport/smuggling"]).cases[0]?.id ?? "";
    await run(page, `transport/method ${one}`);
    await see.waitFor();
    await run(page, "session/nothing");
    await expect
      .poll(() => page.locator(".run-notice").textContent())
      .toBe("No case fits session/nothing.");
    expect(await page.evaluate("document.activeElement.id")).toBe("globs");
    expect(await page.locator(".state").textContent()).toBe(`All ${length + 1} cases ran.`);
    expect(await page.getByRole("button", { name: "Export as JSON" }).isVisible()).toBe(true);
    await picture(page, "live-refused");
    await see.click();
    const passed = page.locator('.glance button[data-runtime="This browser"] .passed');
    expect(await passed.textContent()).toContain(` ${length + 1} passed`);
    await page.evaluate("document.querySelector('#toolbar').scrollIntoView()");

    // A number in the row of an area says how many did not pass, and what was not run is no such thing.
    const score = (area: string) =>
      page.locator(".row.area", { hasText: area }).locator(".score").first();
    expect(await score("transport/content").innerText()).toMatch(/^not run\b/);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    const shown = (area: string) => score(area).locator("[aria-hidden]").textContent();
    expect(await shown("transport/content")).toBe("");
    expect(await score("transport/content").getAttribute("title")).toBe("not run");
    expect(await shown("transport/smuggling")).toBe("·");
    expect(await score("transport/smuggling").getAttribute("title")).toMatch(
      /^1 of \d+ passed, \d+ not/,
    );
    expect(await score("transport/method").getAttribute("class")).toContain("full");
    await picture(page, "live-partial");
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

  it("is refused nothing on this machine by the policy of the page", () => {
    expect(
      the.refused.filter((text) => /\b(?:https?|wss?):\/\/(?:127|localhost)/.test(text)),
    ).toEqual([]);
  });
});
