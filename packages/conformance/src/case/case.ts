/*
 * The case: one sentence about HTTP or about a session, as data, with what proves it. Everything that a case file needs
 * is exported from `src/case.ts`; this file is the schema and `defineCase`, which checks a case when it is loaded.
 */

import type { Capabilities, CompressCoding } from "@anyhttp/core";
import type { CallExpectation, Expectation } from "./expectation.ts";
import type { CallOptions, Perform } from "./perform.ts";
import type { Door } from "./doors.ts";
import type { Script } from "./script.ts";

/**
 * The force of a case: `must`, `should` and `may` as in RFC 2119; a `probe` finds out whether a declared capability is
 * true.
 */
export type Level = "must" | "should" | "may" | "probe";

/** Capability values that a case needs: `{ redirects: "visible" }`; and a content coding that has to have an encoder. */
export type Requirements = Partial<Capabilities> & { readonly encoders?: CompressCoding };

/** What is judged when `requires` is not met. There is no way to judge nothing in silence. */
export type Otherwise =
  /** Core must refuse the call with `UnsupportedError` that names the capability, and nothing must arrive. */
  | { readonly kind: "refuses"; readonly capability: keyof Requirements; readonly option?: string }
  /** The degradation, stated: the same flow unless replaced, with other expectations. */
  | {
      readonly kind: "expects";
      readonly expect: Expectation;
      readonly origin?: Script;
      readonly perform?: Perform;
    }
  /** Nothing can be judged at all. Rare. */
  | { readonly kind: "not-applicable"; readonly capability: keyof Requirements };

/** What a case says before {@link defineCase} has checked it. */
export interface CaseInit {
  /**
   * Permanent path: area, topic, kebab-case name (`session/redirect/303-turns-post-into-get`). Never reused, never
   * renamed. Areas: `transport`, `session`, `probe`.
   */
  readonly id: string;
  /** One sentence, with the force of the RFC's verb. */
  readonly title: string;
  readonly level: Level;
  /** Where it is written: `RFC 9110 §15.4.4`. */
  readonly spec?: readonly string[];
  /** Entries of the fault catalogue that it covers. */
  readonly catalogue?: readonly string[];
  /** For a probe: the capability that it probes. A failure then reads `overstated` or `understated`. */
  readonly probes?: keyof Capabilities;
  readonly requires?: Requirements;
  /** Obliged where `requires` is. */
  readonly otherwise?: Otherwise;
  /**
   * Options of the session, over `transport` and `baseUrl`. A function where they must be made anew. If the constructor
   * refuses them, its error is what the (only) call gets.
   */
  readonly session?: CallOptions | (() => CallOptions);
  /**
   * Options of the transport, merged over those of the runner (`tls.ca`): `{ tls: { … } }`. Left out where the
   * capability `tls` is `ambient`.
   */
  readonly transport?: CallOptions;
  /** Doors beside `main`, which is a plain one unless given here. `baseUrl` is that of `main`. */
  readonly doors?: Readonly<Record<string, Door>>;
  /** What the origin answers. Each answer must be asked for, no request may be without one. */
  readonly origin: Script;
  readonly perform: Perform;
  readonly expect: Expectation;
  /** Milliseconds in which all of it must be over; 10 000 by default. */
  readonly deadline?: number;
  /** Judges durations closely, so nothing else may run meanwhile. */
  readonly exclusive?: boolean;
  /** What to look at if it fails: "check that …". */
  readonly hint: string;
}

/** A checked case. */
export interface Case extends CaseInit {
  readonly doors: Readonly<Record<string, Door>>;
  /** The first two parts of the id, by which reports are grouped. */
  readonly area: string;
}

/** Core must refuse: for `otherwise`. */
export function refuses(capability: keyof Requirements, option?: string): Otherwise {
  return { kind: "refuses", capability, ...(option === undefined ? {} : { option }) };
}

/** The degradation that the capability declares: for `otherwise`. */
export function expects(
  expect: Expectation,
  instead: { readonly origin?: Script; readonly perform?: Perform } = {},
): Otherwise {
  return { kind: "expects", expect, ...instead };
}

/** Nothing can be judged: for `otherwise`. */
export function notApplicable(capability: keyof Requirements): Otherwise {
  return { kind: "not-applicable", capability };
}

/** What a refusal looks like to the caller. */
export function refusal(otherwise: Extract<Otherwise, { kind: "refuses" }>): Expectation {
  const { capability, option } = otherwise;
  const error: CallExpectation["error"] = {
    name: "UnsupportedError",
    code: "ERR_UNSUPPORTED",
    requestSent: "no",
    fields: option === undefined ? { capability } : { capability, option },
  };
  return { error, arrivals: [] };
}

const idPattern = /^(?:transport|session|probe)(?:\/[a-z0-9]+(?:-[a-z0-9]+)*){2}$/;

/** Checks a case and completes it. Throws a `TypeError` that names the case: a wrong case must not load. */
export function defineCase(init: CaseInit): Case {
  const wrong = (what: string): never => {
    throw new TypeError(`case ${init.id}: ${what}`);
  };
  if (!idPattern.test(init.id)) wrong("the id must read area/topic/name, in kebab-case");
  if (!/^[^A-Z].*[^.]$|^[A-Z]{2,}/.test(init.title))
    wrong("the title is one sentence in lower case, without a full stop");
  if (init.requires && !init.otherwise)
    wrong("requires needs otherwise: say what happens where it is not met");
  if (init.otherwise && !init.requires) wrong("otherwise needs requires");
  if ((init.level === "probe") !== (init.probes !== undefined))
    wrong("level probe and `probes` go together");
  if (init.probes && !(init.requires && init.probes in init.requires))
    wrong("a probe requires a value of what it probes");
  if (!init.hint.startsWith("check ")) wrong("the hint starts with `check `");
  const area = init.id.split("/").slice(0, 2).join("/");
  return Object.freeze({
    ...init,
    area,
    doors: { main: { kind: "plain" as const }, ...init.doors },
  });
}
