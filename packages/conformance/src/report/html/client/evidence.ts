/* Both witnesses of a cell: what the caller got, call by call, and what the origin saw, request by request. */

import type { Bytes } from "./bytes.ts";
import type {
  ArrivalEvidence,
  CallEvidence,
  ConnectionEvidence,
  Lines,
  OriginEvidence,
} from "./data.ts";
import type { Child, Dom } from "./dom.ts";

/** Shows witnesses. */
export interface Witnesses {
  /** `more` calls are not shown. */
  caller(calls: readonly CallEvidence[], more: number): HTMLElement;
  origin(seen: OriginEvidence | null): HTMLElement;
}

/** Makes {@link Witnesses}. */
export function evidence({ h, number, plural }: Dom, show: Bytes): Witnesses {
  function facts(pairs: readonly (readonly [string, Child])[]): HTMLElement | null {
    const known = pairs.filter(
      ([, value]) => value !== null && value !== undefined && value !== false && value !== "",
    );
    if (known.length === 0) return null;
    return h(
      "dl",
      null,
      known.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]),
    );
  }

  function lines(title: string, all: Lines | null | undefined): HTMLElement | null {
    if (!all || all.length === 0) return null;
    const row = ([name, value]: Lines[number]): HTMLElement =>
      h("tr", null, h("th", { scope: "row" }, name), h("td", null, show.bytes(value)));
    return h(
      "table",
      { class: "lines" },
      h("caption", null, title),
      h("tbody", null, all.map(row)),
    );
  }

  function block(title: string, content: HTMLElement): HTMLElement {
    return h("div", { class: "block" }, h("h5", null, title), content);
  }

  function said(value: unknown): string {
    return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  }

  function failure(error: NonNullable<CallEvidence["error"]>): HTMLElement {
    const { name, code, message, phase, requestSent, retryable, attempt, fields, cause } = error;
    return h(
      "div",
      { class: "error" },
      h("p", null, h("b", null, name), code !== undefined && h("code", null, code)),
      show.text(message),
      facts([
        ["phase", phase],
        ["requestSent", requestSent],
        ["retryable", retryable === undefined ? null : String(retryable)],
        ["attempt", attempt],
        ...Object.entries(fields).map(([key, value]) => [key, said(value)] as const),
        ["cause", cause === undefined ? null : said(cause)],
      ]),
    );
  }

  function call(seen: CallEvidence, index: number, all: readonly CallEvidence[]): HTMLElement {
    const { method, status, statusText, url, redirected, httpVersion, history, content, error } =
      seen;
    const steps = (history ?? []).map((step) =>
      h("li", null, `${step.status} `, h("code", null, step.url)),
    );
    return h(
      "article",
      null,
      h(
        "h4",
        null,
        all.length > 1 && `Call ${index + 1} · `,
        h("code", null, method),
        " → ",
        status === undefined
          ? (error?.name ?? "no response")
          : h("code", null, `${status} ${statusText ?? ""}`),
        seen.after !== null && h("small", null, `settled after ${seen.after.toFixed(1)} ms`),
      ),
      error && failure(error),
      facts([
        ["url", url !== undefined && h("code", null, url)],
        ["redirected", redirected === true ? "yes" : null],
        ["HTTP version", httpVersion],
        ["history", steps.length > 0 ? h("ol", null, steps) : null],
      ]),
      lines("Header fields", seen.headers),
      content !== undefined && block("Content", show.text(said(content))),
      lines("Trailer fields", seen.trailers),
    );
  }

  function arrival(seen: ArrivalEvidence, index: number): HTMLElement {
    const { framing, contentLength, filler, content, complete, faults, scripted } = seen;
    const warnings = [
      ...faults.map((fault) => `not sound HTTP: ${fault}`),
      ...(scripted ? [] : ["the case expects no such request"]),
      ...(complete ? [] : ["it did not arrive whole"]),
    ];
    const size = `${plural(contentLength, "byte")}${filler && contentLength > 0 ? " of filler" : ""}`;
    return h(
      "article",
      null,
      h(
        "h4",
        null,
        `Request ${index + 1} · `,
        h("code", null, `${seen.method} ${seen.target} HTTP/${seen.version}`),
        h("small", null, `connection ${seen.connection}, door ${seen.door}`),
      ),
      warnings.length > 0 &&
        h(
          "ul",
          { class: "warnings" },
          warnings.map((text) => h("li", null, text)),
        ),
      lines("Field lines as sent", seen.fields),
      facts([["framing", framing === "none" ? "none, no content" : `${framing}, ${size}`]]),
      contentLength > 0 && block("Content", show.bytes(content)),
      lines("Trailer fields", seen.trailers),
    );
  }

  function connection(seen: ConnectionEvidence): HTMLElement {
    const { door, tls, servername, requests, received, sent, closed } = seen;
    const secured = [tls, servername].filter(Boolean).join(", ");
    const cells = [
      door,
      secured || "–",
      requests,
      number(received),
      number(sent),
      closed ?? "open",
    ];
    return h(
      "tr",
      null,
      h("th", { scope: "row" }, seen.number),
      cells.map((cell) => h("td", null, cell)),
    );
  }

  function others(count: number, what: string): HTMLElement | null {
    return count > 0 ? h("p", { class: "quiet" }, `… and ${plural(count, `more ${what}`)}.`) : null;
  }

  function connections(all: readonly ConnectionEvidence[]): HTMLElement {
    const titles = ["#", "Door", "TLS", "Requests", "Received", "Sent", "Ended by"];
    return h(
      "div",
      { class: "wide", tabindex: 0, role: "region", "aria-label": "Connections" },
      h(
        "table",
        { class: "figures" },
        h("caption", null, "Connections"),
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            titles.map((title) => h("th", { scope: "col" }, title)),
          ),
        ),
        h(
          "tbody",
          null,
          all.map((one) => connection(one)),
        ),
      ),
    );
  }

  return {
    caller(calls, more) {
      if (calls.length === 0) return h("p", { class: "quiet" }, "No call was observed.");
      return h(
        "div",
        null,
        calls.map((seen, index) => call(seen, index, calls)),
        others(more, "call"),
      );
    },
    origin(seen) {
      if (!seen) return h("p", { class: "quiet" }, "It never came to that.");
      const { arrivals, moreArrivals, connections: all, moreConnections } = seen;
      return h(
        "div",
        null,
        arrivals.length === 0 && h("p", { class: "quiet" }, "No request arrived."),
        arrivals.map((one, index) => arrival(one, index)),
        others(moreArrivals, "request"),
        all.length === 0 ? h("p", { class: "quiet" }, "Nobody connected.") : connections(all),
        others(moreConnections, "connection"),
      );
    },
  };
}
