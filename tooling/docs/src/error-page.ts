// Writes the part of docs/errors.md that follows from core: a heading for each code, by class.
import { type ErrorCode, errorCodes, type ErrorKind, HttpError, httpError } from "@anyhttp/core";
import { kinds, occasions } from "./error-prose.ts";

/** What stands before the part that is written. */
const mark =
  "<!-- Below: written by `pnpm run docs --write` from errorCodes in packages/core and tooling/docs/src/error-prose.ts. -->";

/** The page as it should be: what is above the mark stays. */
export function withErrorCodes(page: string): string {
  const end = page.indexOf(mark);
  if (end < 0) throw new Error("docs/errors.md has lost its mark");
  const codes = Object.keys(errorCodes) as ErrorCode[];
  const sections = (Object.keys(kinds) as ErrorKind[]).map((kind) =>
    [
      `## ${kind}`,
      kinds[kind],
      ...codes.filter((code) => errorCodes[code][0] === kind).map(entryOf),
    ].join("\n\n"),
  );
  return `${page.slice(0, end)}${mark}\n\n${sections.join("\n\n")}\n`;
}

function entryOf(code: ErrorCode): string {
  const [, phase, requestSent, what, remedy] = errorCodes[code];
  const facts = [
    lineage(code),
    `phase \`${phase}\``,
    `request sent: \`${requestSent}\``,
    `retryable: ${retryable(code)}`,
  ];
  return [
    `### ${code}`,
    `**${capital(what)}.** ${occasions[code]}`,
    `_Remedy:_ ${remedy}`,
    facts.join(" · "),
  ].join("\n\n");
}

/** The class of a code and those that it derives from, up to the root. */
function lineage(code: ErrorCode): string {
  const names: string[] = [];
  let type = httpError(code).constructor;
  for (; type !== HttpError; type = Object.getPrototypeOf(type) as typeof type)
    names.push(type.name);
  return [...names, HttpError.name].map((name) => `\`${name}\``).join(" < ");
}

/** What core itself says of a code, asked with a method that may be repeated and one that may not. */
function retryable(code: ErrorCode): string {
  const [again, once] = ["GET", "POST"].map(
    (method) => httpError(code, { request: { method, url: "http://a.test/" } }).retryable,
  );
  if (once) return "yes";
  return again ? "if the method is idempotent" : "no";
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
