/* The origin beside the page: whether there is one, how to start one, and what a browser must know of it. */

import { h } from "../elements.ts";
import type { Origin } from "./run.ts";

/** Where there is no origin. */
export function howToStart(): HTMLElement {
  return h(
    "div",
    { class: "notice" },
    h(
      "p",
      null,
      "It needs an origin: a process on this machine that each case scripts. In a clone of the repository, this starts one and serves this page:",
    ),
    h("pre", { class: "code", tabindex: 0 }, "npx pnpm page"),
    h("p", null, "Then open the address that it prints."),
  );
}

/** Cases with TLS need a browser that trusts the authority of the origin, which no page can bring about. */
export function trustNote({ ca }: Origin): HTMLElement {
  const file = new Blob([ca], { type: "application/x-pem-file" });
  return h(
    "p",
    { class: "quiet" },
    "Cases behind HTTPS can pass only where the browser trusts the origin’s test authority, which is made anew at each start: ",
    h(
      "a",
      { href: URL.createObjectURL(file), download: "anyhttp-test-authority.pem" },
      "save its certificate",
    ),
    ". Trust it in a profile made for this, never in the one that you use.",
  );
}

/** Asks the server of this page for its origin; `null` if it has none. */
export async function findOrigin(): Promise<Origin | null> {
  try {
    const response = await fetch("origin.json", { cache: "no-store" });
    return response.ok ? ((await response.json()) as Origin) : null;
  } catch {
    return null;
  }
}
