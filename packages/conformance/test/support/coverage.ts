/* Makes the table of what covers which entry of the fault catalogue. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coveredEntries, coveredGroups, notes } from "./coverage-notes.ts";

/** What it needs of a case. */
export interface CoveringCase {
  readonly id: string;
  readonly catalogue?: readonly string[];
}

/** An entry of the catalogue. */
interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
}

/** All entries. */
const entries = JSON.parse(
  readFileSync(join(import.meta.dirname, "catalogue.json"), "utf8"),
) as readonly Entry[];

const isOwed = ({ id, group }: Entry): boolean =>
  coveredGroups.includes(group) || coveredEntries.includes(id);

/** What is wrong with the cases or the notes. */
export function coverageProblems(cases: readonly CoveringCase[]): string[] {
  const known = new Set(entries.map(({ id }) => id));
  const covered = new Set(cases.flatMap(({ catalogue = [] }) => catalogue));
  return [
    ...entries
      .filter((entry) => isOwed(entry) && !covered.has(entry.id) && !notes[entry.id])
      .map(({ id }) => `${id} has neither a case nor a note`),
    ...Object.keys(notes)
      .filter((id) => !known.has(id))
      .map((id) => `the note on ${id} is about no entry`),
    ...cases.flatMap(({ id, catalogue = [] }) =>
      catalogue
        .filter((entry) => !known.has(entry))
        .map((entry) => `${id} covers ${entry}, which does not exist`),
    ),
  ];
}

/** The file. */
export function coverageTable(cases: readonly CoveringCase[]): string {
  const groups = [...new Set(entries.filter(isOwed).map(({ group }) => group))];
  const text = groups.map((group) => {
    const rows = entries
      .filter((entry) => entry.group === group && isOwed(entry))
      .map(({ id, title }) => {
        const ids = cases.filter(({ catalogue = [] }) => catalogue.includes(id));
        const names = globs(
          ids.map((of) => of.id),
          cases.map((of) => of.id),
        );
        const cell = [...names.map((name) => `\`${name}\``), ...(notes[id] ?? [])].join("<br>");
        return `| ${id} | ${title.replaceAll("|", "\\|").replaceAll(/__\w+__/g, "`$&`")} | ${ids.length} | ${cell} |\n`;
      });
    return `\n## ${group}\n\n| Entry | What goes wrong | Cases | By |\n| --- | --- | --- | --- |\n${rows.join("")}`;
  });
  return `# What covers the fault catalogue

Written by \`test/support/write-coverage.ts\` from the cases' \`catalogue\` and from \`test/support/coverage-notes.ts\`.
A \`*\` stands for all cases of a topic, or for all whose names begin alike.
${text.join("")}`;
}

/** Ids, with families of three and more written as one glob where it fits no other case. */
function globs(ids: readonly string[], all: readonly string[]): string[] {
  const left = new Set(ids);
  const found: string[] = [];
  for (const id of ids) {
    if (!left.has(id)) continue;
    const glob = prefixes(id).find((prefix) => {
      const fitting = all.filter((other) => other.startsWith(prefix));
      return fitting.length >= 3 && fitting.every((other) => ids.includes(other));
    });
    if (glob === undefined) found.push(id);
    else {
      found.push(`${glob}*`);
      for (const other of ids) if (other.startsWith(glob)) left.delete(other);
    }
    left.delete(id);
  }
  return found;
}

/** `a/b/c-d-e` begins with `a/b/`, `a/b/c-`, `a/b/c-d-`. */
function prefixes(id: string): string[] {
  const topic = id.slice(0, id.lastIndexOf("/") + 1);
  const words = id.slice(topic.length).split("-");
  return words.map(
    (_, count) =>
      topic +
      words
        .slice(0, count)
        .map((word) => `${word}-`)
        .join(""),
  );
}
