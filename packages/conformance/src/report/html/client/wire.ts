/* The wire trace of a cell: every event at the origin's sockets, with its offset in time and its bytes. */

import type { Bytes } from "./bytes.ts";
import type { WireEvidence } from "./data.ts";
import type { Dom } from "./dom.ts";

/** Shows a trace. */
export type ShowWire = (events: readonly WireEvidence[]) => HTMLElement;

/** Makes {@link ShowWire}. */
export function wire({ h, number, plural }: Dom, show: Bytes): ShowWire {
  const signs: Readonly<Record<string, string>> = {
    received: "→",
    sent: "←",
    open: "○",
    secured: "◉",
    closed: "●",
  };

  function detail({ what, detail: text, size }: WireEvidence): HTMLElement {
    if (what !== "received" && what !== "sent") return h("span", null, text);
    const more = size - text.length;
    return h(
      "div",
      null,
      show.bytes(text),
      more > 0 &&
        h(
          "small",
          { class: "quiet" },
          `… and ${plural(more, "more byte")} (${number(size)} in all)`,
        ),
    );
  }

  return (events) => {
    if (events.length === 0) return h("p", { class: "quiet" }, "Nothing happened on the wire.");
    const several = events.some(({ connection }) => connection !== events[0]?.connection);
    const timed = events.some(({ at }) => at !== null);
    const row = (event: WireEvidence, index: number): HTMLElement =>
      h(
        "tr",
        { class: event.what },
        timed
          ? h("th", { scope: "row" }, event.at?.toFixed(1), h("span", { class: "unseen" }, " ms"))
          : h("th", { scope: "row" }, index + 1),
        h(
          "td",
          null,
          h("span", { class: "sign", "aria-hidden": "true" }, signs[event.what] ?? "·"),
          event.what,
          several && h("small", null, `#${event.connection}`),
        ),
        h("td", null, detail(event)),
      );
    const titles = [timed ? "ms" : "#", "Event", "Bytes"];
    return h(
      "table",
      { class: "wire" },
      h(
        "caption",
        null,
        `Seen from the origin: → received, ← sent.${timed ? " Offsets in milliseconds since the case began." : ""}`,
      ),
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
        events.map((event, index) => row(event, index)),
      ),
    );
  };
}
