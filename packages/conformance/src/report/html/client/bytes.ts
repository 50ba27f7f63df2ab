/* Shows bytes so that every one of them can be read: what cannot be printed is escaped, and told apart from what can. */

import type { Dom } from "./dom.ts";

/** Shows text with escapes. */
export interface Bytes {
  /** Byte strings: whatever is not printable ASCII is escaped. */
  bytes(text: string): HTMLElement;
  /** Text that was decoded: only control characters are escaped. */
  text(text: string): HTMLElement;
}

/** Makes {@link Bytes}. */
export function bytes({ h }: Dom): Bytes {
  const names: Readonly<Record<string, string>> = {
    "\r": "\\r",
    "\n": "\\n",
    "\t": "\\t",
    "\0": "\\0",
  };

  function escape(character: string): string {
    const code = character.charCodeAt(0);
    const hex = code.toString(16).toUpperCase();
    return (
      names[character] ?? (code < 256 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`)
    );
  }

  function show(text: string, unprintable: RegExp): HTMLElement {
    const block = h("pre", { tabindex: 0 });
    if (text === "") block.append(h("span", { class: "quiet" }, "(nothing)"));
    // Lines break where they do on the wire; the escape stays visible.
    for (const line of text.split(/(?<=\n)/)) {
      let from = 0;
      for (const match of line.matchAll(unprintable)) {
        block.append(line.slice(from, match.index));
        // One element each, so that a line never breaks within an escape.
        for (const character of match[0])
          block.append(h("span", { class: "escape" }, escape(character)));
        from = match.index + match[0].length;
      }
      block.append(line.slice(from), line.endsWith("\n") ? "\n" : "");
    }
    return block;
  }

  return {
    bytes: (text) => show(text, /[^ -~]+/g),
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    text: (text) => show(text, /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g),
  };
}
