/* Which part of a case is played and judged: itself, or its `otherwise`, as the requirements are met or not. */

import type { Transport } from "@anyhttp/core";
import { type Case, refusal } from "../case/case.ts";
import type { Expectation } from "../case/expectation.ts";
import type { Perform } from "../case/perform.ts";
import type { Script } from "../case/script.ts";

/** What is played and judged: the case itself, or its `otherwise`. */
export interface Plan {
  readonly judged: "expect" | "otherwise";
  readonly script: Script;
  readonly perform: Perform;
  readonly expect: Expectation;
  /** Whether it is over with the first refusal: what a flow does next makes no sense then. */
  readonly refused?: boolean;
}

/** Decides by what a transport declares. `null` where the case says that nothing can be judged. */
export function planOf(of: Case, { capabilities, encoders }: Transport): Plan | null {
  const met = Object.entries(of.requires ?? {}).every(([key, value]) =>
    key === "encoders" ? Object.hasOwn(encoders, value) : capabilities[key as never] === value,
  );
  const { origin: script, perform, expect, otherwise } = of;
  if (met || !otherwise) return { judged: "expect", script, perform, expect };
  switch (otherwise.kind) {
    case "refuses":
      return { judged: "otherwise", script, perform, expect: refusal(otherwise), refused: true };
    case "expects":
      return {
        judged: "otherwise",
        script: otherwise.origin ?? script,
        perform: otherwise.perform ?? perform,
        expect: otherwise.expect,
      };
    case "not-applicable":
      return null;
  }
}
