/* The page in Chromium, built of sample results and served with an origin. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { allCases } from "@anyhttp/conformance";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRuns } from "./sample.ts";
import { picture, type Stage, stage } from "./support.ts";

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const runs = sampleRuns();
const cells = runs.length * allCases.length;

let the: Stage;
beforeAll(async () => {
  const traced = ["session/redirect/303-*", "transport/framing/informational-100"];
  the = await stage({ runs, origin: true, traced });
});
afterAll(async () => {
  await the[Symbol.asyncDispose]();
});

/** What axe-core finds wrong. */
async function violations(page: Page): Promise<string[]> {
  // Past the policy of the page, which lets nothing in.
  const found = await page.evaluate<{
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  }>(`(() => { ${axe}; return axe.run(document); })()`);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
  );
}

const rows = (page: Page): Promise<number> => page.locator(".body [role=row]").count();
const shownCount = (page: Page): Promise<string | null> => page.locator(".count").textContent();

describe("the matrix", () => {
  it("tells at the top what holds where", async () => {
    const page = await the.open();
    await expect(page.locator("#summary .verdict").textContent()).resolves.toContain(
      "need attention",
    );
    expect(await page.locator(".glance tbody tr").count()).toBe(9);
    expect(await page.locator(".glance button").count()).toBe(runs.length);
    expect(await shownCount(page)).toBe(`${allCases.length.toLocaleString("en")} cases`);
    await picture(page, "desktop");
  });

  it(`keeps few elements in the document, whatever is scrolled to, of ${cells} cells`, async () => {
    const page = await the.open();
    await page.getByRole("button", { name: "Unfold all" }).click();
    const elements = (): Promise<number> => page.evaluate("document.querySelectorAll('*').length");
    const height = await page.evaluate<number>("document.documentElement.scrollHeight");
    expect(height).toBeGreaterThan(allCases.length * 40);
    for (const part of [0, 0.3, 0.6, 0.999]) {
      await page.evaluate(`scrollTo(0, ${height * part})`);
      await expect.poll(() => rows(page)).toBeGreaterThan(5);
      expect(await elements()).toBeLessThan(6000);
      expect(await rows(page)).toBeLessThan(60);
    }
    const all = await page.getByRole("grid").getAttribute("aria-rowcount");
    const last = page.locator(".body [role=row]").last();
    await expect.poll(() => last.getAttribute("aria-rowindex")).toBe(all);
    await picture(page, "desktop-end");
  });

  it("keeps up with scrolling: frames come while it is scrolled through", async () => {
    const page = await the.open();
    await page.getByRole("button", { name: "Unfold all" }).click();
    const seen = await page.evaluate<{
      frames: number;
      longest: number;
      row: boolean;
    }>(`new Promise((resolve) => {
      const gaps = []; let before = performance.now(), at = 0;
      const step = (now) => {
        gaps.push(now - before); before = now; at += 700; scrollTo(0, at);
        const row = document.elementFromPoint(300, innerHeight - 60)?.closest(".row");
        if (gaps.length < 60) requestAnimationFrame(step);
        else resolve({ frames: gaps.length, longest: Math.max(...gaps), row: row !== null });
      };
      requestAnimationFrame(step);
    })`);
    console.log(`60 frames of scrolling, the longest ${seen.longest.toFixed(0)} ms`);
    expect(seen.frames).toBe(60);
  });

  it("finds cases, and says how many", async () => {
    const page = await the.open();
    await page.keyboard.press("/");
    await page.keyboard.type("session/redirect 303");
    await expect.poll(() => shownCount(page)).toMatch(/^\d+ of /);
    expect(await page.locator(".row.case").count()).toBeGreaterThan(3);
    expect(await page.locator(".row.case .id").first().textContent()).toContain("303");
    expect(page.url()).toContain("#q=session/redirect+303");
    await page.getByRole("searchbox").fill("no such case anywhere");
    await expect.poll(() => page.locator("#none").isVisible()).toBe(true);
    await page.locator("#none button").click();
    await expect.poll(() => shownCount(page)).toBe(`${allCases.length.toLocaleString("en")} cases`);
  });

  it("filters by outcome, level, capability, transport and runtime", async () => {
    const page = await the.open();
    await page.locator(".tile.known-failure").click();
    expect(page.url()).toContain("outcome=known-failure");
    const known = await shownCount(page);
    expect(known).toMatch(/^\d+ of /);
    const choose = async (menu: string, value: string): Promise<void> => {
      await page.locator("summary", { hasText: menu }).click();
      await page.locator(`details[open] input[value="${value}"]`).check();
      await page.keyboard.press("Escape");
    };
    await choose("Transport", "fetch");
    await choose("Runtime", "Node 22");
    expect(await page.locator("#matrix [role=columnheader]").count()).toBe(2);
    expect(await shownCount(page)).not.toBe(known);
    await choose("Level", "must");
    await choose("Capability", "tls");
    expect(page.url()).toMatch(/level=must.*capability=tls.*transport=fetch.*runtime=Node\+22/);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    expect(await shownCount(page)).toBe(`${allCases.length.toLocaleString("en")} cases`);
  });

  it("groups columns by transport when asked", async () => {
    const page = await the.open();
    await page.getByRole("button", { name: /Columns by/ }).click();
    expect(await page.locator(".group").count()).toBe(8);
    expect(page.url()).toContain("by=transport");
  });

  it("chooses a column from the summary", async () => {
    const page = await the.open();
    await page.locator('.glance button[data-runtime="Node 24"][data-transport="axios"]').click();
    expect(await page.locator("#matrix [role=columnheader]").count()).toBe(2);
    await picture(page, "one-column");
  });
});

describe("the keyboard", () => {
  it("goes everywhere: skip link, search, matrix, detail, and back", async () => {
    const page = await the.open("#q=transport/framing");
    const focused = (): Promise<string> =>
      page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
      );
    await page.keyboard.press("Tab");
    expect(await focused()).toContain("Skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await page.locator(".menu summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open]").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator("details[open]").count()).toBe(0);
    await page.getByRole("button", { name: "Reset", exact: true }).focus();
    await page.keyboard.press("Tab");
    // The whole matrix is one stop.
    expect(await page.evaluate("document.activeElement.closest('[role=grid]') !== null")).toBe(
      true,
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toMatch(/^(pass|fail), axios on Node 22$/);
    await page.keyboard.press("Control+End");
    const last = await page.evaluate("document.activeElement.closest('[role=row]').ariaRowIndex");
    expect(last).toBe(await page.getByRole("grid").getAttribute("aria-rowcount"));
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const title = page.locator("#detail-title");
    await title.waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("detail-title");
    const before = await title.textContent();
    await page.keyboard.press("k");
    expect(await title.textContent()).not.toBe(before);
    await page.keyboard.press("j");
    expect(await title.textContent()).toBe(before);
    await page.keyboard.press("Escape");
    expect(await page.locator("#detail").isVisible()).toBe(false);
    expect(await page.evaluate("document.activeElement.closest('[role=grid]') !== null")).toBe(
      true,
    );
  });

  it("folds and unfolds areas", async () => {
    const page = await the.open();
    const head = page.locator(".row.area .head").first();
    await head.focus();
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-expanded")).toBe("true");
    expect(await page.locator(".row.case").count()).toBeGreaterThan(0);
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-expanded")).toBe("false");
  });
});

describe("the detail of a case", () => {
  const id = "session/redirect/303-delete-turns-into-get";

  it("has a link of its own, and shows script, expectation, both witnesses and the wire", async () => {
    const page = await the.open(`#case=${id}`);
    await page.getByRole("heading", { name: "On the wire" }).waitFor();
    const text = await page.locator("#detail-content").innerText();
    for (const part of ["What the origin does", "303 See Other", "What is performed", "DELETE a"])
      expect(text).toContain(part);
    for (const part of ["What must be seen", "What the caller got", "What arrived at the origin"])
      expect(text).toContain(part);
    expect(text).toContain("reference run: undici");
    const spec = page.locator(".facts a").first();
    expect(await spec.getAttribute("href")).toMatch(
      /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc9110/,
    );
    await picture(page, "detail");
    await page.evaluate("document.querySelector('#detail').scrollTo(0, 1200)");
    await picture(page, "detail-witnesses");
  });

  it("tells outcomes by column, those that agree together, with what was said", async () => {
    const page = await the.open("#outcome=known-failure");
    await page.locator(".row.case .cell.known-failure").first().click();
    const bundle = page.locator(".bundle.known-failure");
    expect(await bundle.locator(".message").textContent()).toBe("the platform keeps it");
    expect(await page.locator(".where .chosen").count()).toBe(1);
    expect(page.url()).toMatch(/on=(fetch|axios-fetch|axios-xhr)@[\w-]+/);
    await page.goBack();
    expect(await page.locator("#detail").isVisible()).toBe(false);
  });
});

describe("capabilities", () => {
  it("are compared, with what their values mean, and differences can be seen alone", async () => {
    const page = await the.open("#view=capabilities");
    const all = await page.locator(".capabilities tbody tr").count();
    expect(all).toBeGreaterThan(15);
    expect(await page.locator(".capabilities .differs").count()).toBe(3);
    expect(await page.locator(".capabilities .about").first().textContent()).toContain("3xx");
    await picture(page, "capabilities");
    await page.getByRole("checkbox").check();
    expect(await page.locator(".capabilities tbody tr").count()).toBe(3);
  });
});

// Of few columns, because axe-core looks at each cell for itself.
const two = "runtime=Node+22,Deno+2";
const looks = [
  `#${two}`,
  `#${two}&q=framing`,
  `#${two}&view=capabilities`,
  `#${two}&view=run`,
  `#${two}&case=transport/framing/informational-100`,
];

describe("what everybody can use", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no violation that axe-core finds, in ${colorScheme}`, async () => {
      for (const fragment of looks) {
        const page = await the.open(fragment, { colorScheme });
        if (fragment.includes("case="))
          await page.getByRole("heading", { name: "On the wire" }).waitFor();
        if (fragment.endsWith("view=run"))
          await page.getByRole("button", { name: "Run", exact: true }).waitFor();
        expect({ fragment, violations: await violations(page) }).toEqual({
          fragment,
          violations: [],
        });
        await picture(page, `${colorScheme}-${looks.indexOf(fragment) + 1}`);
      }
    });
  }

  it("fits a phone: nothing is wider than the window, and nothing is wrong", async () => {
    for (const fragment of looks) {
      const page = await the.open(fragment, phone);
      if (fragment.includes("case="))
        await page.getByRole("heading", { name: "On the wire" }).waitFor();
      const width = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(width).toBeLessThanOrEqual(390);
      expect({ fragment, violations: await violations(page) }).toEqual({
        fragment,
        violations: [],
      });
      await picture(page, `phone-${looks.indexOf(fragment) + 1}`);
    }
    await picture(await the.open("", phone), "phone-all", true);
    const page = await the.open("#q=framing", phone);
    await page.locator(".row.case").first().tap();
    expect(await page.locator("#detail").isVisible()).toBe(true);
  });
});

describe("the network", () => {
  it("is asked for nothing but the page itself, in whatever was done before", () => {
    const strange = [...the.requests].filter((url) => !url.startsWith(the.url));
    expect(the.requests.size).toBeGreaterThan(5);
    expect(strange).toEqual([]);
  });
});
