// Decides whether all transports behaved alike: row by row, by value, without knowing what the values mean.
import { isDeepStrictEqual } from "node:util";

/** What one transport did at one station. */
export interface Outcome {
  readonly station: string;
  readonly subject: string;
  readonly ms: number;
  /** Absent if the station failed. */
  readonly found?: { readonly says: string; readonly value: unknown };
  /** Why it failed. */
  readonly failure?: string;
}

/** How one transport's outcome stands beside the others. */
export interface Cell {
  readonly subject: string;
  readonly state: "alike" | "differs" | "failed" | "missing";
  readonly ms: number;
}

/** One station, all transports. */
export interface Row {
  readonly station: string;
  readonly cells: readonly Cell[];
  readonly alike: boolean;
  /** What they agree on. */
  readonly says: string;
  /** What is different, and where. */
  readonly notes: readonly string[];
}

/** Compares outcomes. What most transports found is the measure; on a tie, what the first of them found. */
export function compare(outcomes: readonly Outcome[]): readonly Row[] {
  const subjects = [...new Set(outcomes.map(({ subject }) => subject))];
  const names = [...new Set(outcomes.map(({ station }) => station))];
  return names.map((station) => {
    const here = outcomes.filter((outcome) => outcome.station === station);
    const measure = mostCommon(here);
    const notes = new Map<string, string[]>();
    const note = (subject: string, text: string): void => {
      notes.set(text, [...(notes.get(text) ?? []), subject]);
    };
    const cells = subjects.map((subject): Cell => {
      const outcome = here.find((each) => each.subject === subject);
      if (outcome === undefined) {
        note(subject, "never got there");
        return { subject, state: "missing", ms: 0 };
      }
      const { ms, found } = outcome;
      if (found === undefined) {
        note(subject, `failed: ${outcome.failure ?? "no reason given"}`);
        return { subject, state: "failed", ms };
      }
      const differences = differ(found.value, measure?.found?.value);
      for (const text of differences) note(subject, `${text}, unlike ${measure?.subject}`);
      return { subject, state: differences.length === 0 ? "alike" : "differs", ms };
    });
    const alike = cells.every(({ state }) => state === "alike");
    return {
      station,
      cells,
      alike,
      says: measure?.found?.says ?? "nothing",
      // What several transports have in common is said once.
      notes: [...notes].map(([text, who]) => `${who.join(", ")} ${text}`),
    };
  });
}

function mostCommon(outcomes: readonly Outcome[]): Outcome | undefined {
  const found = outcomes.filter((outcome) => outcome.found !== undefined);
  const votes = found.map(
    (one) =>
      found.filter((other) => isDeepStrictEqual(one.found?.value, other.found?.value)).length,
  );
  return found[votes.indexOf(Math.max(...votes))];
}

/** Where two values of JSON data part, at most three places. */
function differ(value: unknown, measure: unknown, path = ""): string[] {
  if (isDeepStrictEqual(value, measure)) return [];
  if (isRecord(value) && isRecord(measure)) {
    const keys = [...new Set([...Object.keys(measure), ...Object.keys(value)])];
    const inner = keys.flatMap((key) =>
      differ(value[key], measure[key], path === "" ? key : `${path}.${key}`),
    );
    return inner.slice(0, 3);
  }
  const where = path === "" ? "found" : `has ${path}`;
  return [`${where} ${brief(value)} instead of ${brief(measure)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function brief(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
