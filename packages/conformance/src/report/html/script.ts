/*
 * The script of the page. Its source is in `client/`, compiled and checked like everything else; here the functions are
 * written into one script element, so that building needs nothing but the compiler.
 */

import { bytes } from "./client/bytes.ts";
import { capabilities } from "./client/capabilities.ts";
import { detail } from "./client/detail.ts";
import { dom } from "./client/dom.ts";
import { evidence } from "./client/evidence.ts";
import { keys } from "./client/keys.ts";
import { matrix } from "./client/matrix.ts";
import { overview } from "./client/overview.ts";
import { type Parts, start } from "./client/start.ts";
import { state } from "./client/state.ts";
import { toolbar } from "./client/toolbar.ts";
import { wire } from "./client/wire.ts";

const parts: Parts = {
  bytes,
  capabilities,
  detail,
  dom,
  evidence,
  keys,
  matrix,
  overview,
  state,
  toolbar,
  wire,
};

/** The source text of the script. */
export function clientScript(): string {
  const members = Object.entries(parts).map(([name, part]) => `${name}: ${String(part)}`);
  const source = `"use strict";\n(${String(start)})({\n${members.join(",\n")}\n});`;
  // Nothing of the kind is in the sources; if it ever is, the page must not break by it.
  if (/<\/script|<!--/i.test(source)) throw new TypeError("the script would end its own element");
  return source;
}
