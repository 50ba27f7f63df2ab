/* Windows that are neither wide nor a phone's, and addresses of what is not there. */

import { allCases } from "@anyhttp/conformance";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRuns } from "./sample.ts";
import { picture, type Stage, stage } from "./support.ts";

const runs = sampleRuns();
let the: Stage;
beforeAll(async () => {
  the = await stage({ runs });
});
afterAll(() => the[Symbol.asyncDispose]());

const open = (fragment: string, width: number): Promise<Page> =>
  the.open(fragment, { viewport: { width, height: 900 } });
const every = `${allCases.length.toLocaleString("en")} cases`;

describe("a window of any width", () => {
  for (const fragment of ["", "#view=capabilities"]) {
    it(`scrolls sideways within tables, never as a whole: ${fragment || "the matrix"}`, async () => {
      for (const width of [1280, 1024, 900, 768]) {
        const page = await open(fragment, width);
        const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
        expect({ width, wide }).toEqual({ width, wide: width });
        await picture(page, `room-${fragment.slice(6) || "matrix"}-${width}`);
      }
    });
  }

  it("leaves room for the names of areas beside their numbers", async () => {
    const page = await open("", 1280);
    for (const width of [1280, 1110, 900, 768]) {
      await page.setViewportSize({ width, height: 900 });
      const tight = (): Promise<string[]> =>
        page.evaluate(`[...document.querySelectorAll(".row.area")].filter((row) => {
          const name = row.querySelector(".name");
          const end = row.querySelector("small").getBoundingClientRect().right;
          const next = row.querySelector(".score, .sums").getBoundingClientRect().left;
          const cut = name.scrollHeight > name.clientHeight + 1 || name.scrollWidth > name.clientWidth + 1;
          return cut || next - end < 4;
        }).map((row) => row.querySelector(".name").textContent)`);
      await expect
        .poll(async () => ({ width, tight: await tight() }))
        .toEqual({ width, tight: [] });
    }
  });

  it("names a group of two narrow columns whole", async () => {
    const page = await open("", 1280);
    const cut = await page.evaluate<boolean>(`(() => {
      const names = [...document.querySelectorAll(".group span")];
      const name = names.find((one) => one.title.startsWith("workerd"));
      // Its text to the fraction of a pixel, by which it may be cut.
      const text = document.createRange();
      text.selectNodeContents(name);
      return text.getBoundingClientRect().width > name.getBoundingClientRect().width;
    })()`);
    expect(cut).toBe(false);
  });

  it("keeps the names of capabilities in sight while columns scroll", async () => {
    const page = await open("#view=capabilities", 900);
    const name = page.locator(".capabilities tbody th").first();
    const before = await name.boundingBox();
    await page.evaluate("document.querySelector('#page-capabilities .wide').scrollLeft = 200");
    expect(await name.boundingBox()).toEqual(before);
  });
});

describe("filters that leave no column", () => {
  it("are told, can be seen in their menus, and can be given up", async () => {
    const page = await open("#runtime=Node+22,Node+99&transport=axios-xhr", 1280);
    const none = page.locator("#none");
    expect(await none.textContent()).toContain(
      "No column fits these filters: axios-xhr, Node 22, Node 99.",
    );
    expect(await page.locator(".body [role=row]").count()).toBe(0);
    await page.locator("summary", { hasText: "Runtime" }).click();
    const box = page.locator("details[open] input").first();
    expect(await box.inputValue()).toBe("Node 99");
    await picture(page, "no-column");
    await box.uncheck();
    expect(page.url()).not.toContain("99");
    await page.keyboard.press("Escape");
    await none.getByRole("button", { name: "Show all columns" }).click();
    expect(await none.isVisible()).toBe(false);
    expect(await page.locator(".count").textContent()).toBe(every);
    expect(await page.locator(".column").count()).toBe(runs.length);
  });

  it("are told of capabilities as well", async () => {
    const page = await open("#view=capabilities&runtime=Node+99", 1280);
    const host = page.locator("#page-capabilities");
    expect(await host.textContent()).toContain("No column fits these filters: Node 99.");
    await host.getByRole("button", { name: "Show all columns" }).click();
    expect(await host.locator("tbody tr").count()).toBeGreaterThan(15);
  });

  it("say where the run in this browser has gone", async () => {
    const page = await open("#runtime=This+browser", 1280);
    expect(await page.locator("#none").textContent()).toContain("until the page is loaded anew");
  });
});

describe("an old link", () => {
  it("to a case that is not there says so", async () => {
    const page = await open("#case=session/redirect/of-old", 1280);
    const title = page.locator("#detail-title");
    expect(await title.textContent()).toBe("There is no case session/redirect/of-old");
    await picture(page, "no-case");
    await page.keyboard.press("Escape");
    expect(await title.isVisible()).toBe(false);
    expect(page.url()).not.toContain("case=");
  });
});
