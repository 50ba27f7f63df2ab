/* The markup that the script fills: landmarks, toolbar, tables and panel. Without script it still tells the totals. */

import { escapeHtml } from "./escape.ts";

/** The body of the page. `summary` is shown where scripts do not run. */
export function skeleton(summary: string): string {
  return `<a id="skip" class="skip" href="#matrix">Skip to the matrix</a>
<header class="top">
  <div class="brand">
    <h1><span>anyhttp</span> conformance</h1>
    <nav aria-label="Views">
      <a id="to-cases" href="#">Cases</a>
      <a id="to-capabilities" href="#view=capabilities">Capabilities</a>
    </nav>
  </div>
  <p id="verdict" class="verdict"></p>
  <p id="scope" class="scope"></p>
  <div id="totals" class="tiles" role="group" aria-label="Totals: press one to see only such cases"></div>
  <ul id="subjects" class="cards" aria-label="Subjects"></ul>
  <section id="problems" class="problems" hidden></section>
  <noscript><p>${escapeHtml(summary)}. The matrix needs JavaScript; all of it is in this file.</p></noscript>
</header>
<main>
  <section id="page-cases" aria-label="Cases">
    <div id="toolbar" class="toolbar" role="search">
      <label class="search"><span class="unseen">Search ids and titles</span>
        <input id="search" type="search" placeholder="Search ids and titles" autocomplete="off" spellcheck="false" enterkeyhint="search">
        <kbd aria-hidden="true">/</kbd></label>
      <div id="menus" class="menus"></div>
      <button id="reset" type="button" class="reset" hidden>Reset</button>
      <span id="count" class="count" role="status" aria-live="polite"></span>
    </div>
    <table id="matrix" class="matrix" role="grid" tabindex="-1"></table>
    <p id="none" class="none" hidden>No case matches. <button type="button">Reset the filters</button></p>
  </section>
  <section id="page-capabilities" aria-label="Capabilities" hidden>
    <table id="capabilities" class="capabilities" role="table"></table>
  </section>
</main>
<dialog id="detail" class="detail" aria-labelledby="detail-title">
  <div class="bar-of-detail">
    <button id="detail-previous" type="button" aria-label="Previous case" aria-keyshortcuts="k">↑</button>
    <button id="detail-next" type="button" aria-label="Next case" aria-keyshortcuts="j">↓</button>
    <span class="keys" aria-hidden="true"><kbd>k</kbd> <kbd>j</kbd> to step, <kbd>Esc</kbd> to close</span>
    <button id="detail-close" type="button" aria-label="Close">✕</button>
  </div>
  <div id="detail-content"></div>
</dialog>`;
}
