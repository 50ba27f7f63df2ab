// A browser with the page in it: built of given results, served with an origin or without, and every request noted.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allCases, select, startOrigin } from "@anyhttp/conformance";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { buildPage } from "../tools/build.ts";
import { root } from "../tools/places.ts";
import type { Run } from "../tools/results.ts";
import { servePage } from "../tools/server.ts";

const flags =
  "--no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Where screenshots are kept; nothing compares them, people look at them. */
const pictures = join(root, "reports/conformance-page");

/** The page as a browser sees it. */
export interface Stage extends AsyncDisposable {
  readonly url: string;
  /** Addresses that the browser has asked for, other than that of the page. */
  readonly requests: ReadonlySet<string>;
  /** What the policy of the page has refused, in the browser's words. */
  readonly refused: readonly string[];
  open(fragment?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Builds and serves the page, and starts a browser. */
export async function stage(options: {
  readonly runs: readonly Run[];
  readonly origin?: boolean;
  /** Which cases have reference traces; none, unless said. */
  readonly traced?: readonly string[];
}): Promise<Stage> {
  const scratch = mkdtempSync(join(tmpdir(), "anyhttp-page-"));
  const { cases } = select(allCases, options.traced ?? []);
  const folder = await buildPage({
    runs: options.runs,
    folder: join(scratch, "page"),
    traced: { cases: options.traced ? cases : [], file: join(scratch, "traces.json") },
  });
  const origin = options.origin === true ? await startOrigin() : null;
  const served = await servePage(folder, origin);
  const browser: Browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: flags.split(" "),
  });
  const contexts: BrowserContext[] = [];
  const requests = new Set<string>();
  const refused: string[] = [];
  return {
    url: served.url,
    requests,
    refused,
    async open(fragment = "", contextOptions = {}) {
      const context = await browser.newContext({
        viewport: { width: 1360, height: 900 },
        ...contextOptions,
      });
      contexts.push(context);
      context.on("request", (request) => requests.add(request.url()));
      context.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) refused.push(message.text());
      });
      const page = await context.newPage();
      await page.goto(`${served.url}${fragment}`);
      await page.locator("#loading").waitFor({ state: "detached" });
      return page;
    },
    async [Symbol.asyncDispose]() {
      for (const context of contexts) await context.close();
      await browser.close();
      await served[Symbol.asyncDispose]();
      await origin?.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Keeps a picture of what is seen. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
