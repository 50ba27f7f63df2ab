// What `--form` says: a form of text, or with a file in it one of parts, read from the disk while it is sent.
import { access, constants, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Part, RequestOptions } from "@anyhttp/core";
import { UsageError } from "./exit-status.ts";
import { fileError } from "./files.ts";

/** The content of a form. A value that begins with `@` names a file, as with curl; `;type=` says what it is. */
export async function formOf(
  fields: readonly string[],
): Promise<Pick<RequestOptions, "form" | "multipart">> {
  const pairs = fields.map(fieldOf);
  if (!pairs.some(([, value]) => value.startsWith("@"))) return { form: pairs };
  return { multipart: await Promise.all(pairs.map(partOf)) };
}

async function partOf([name, value]: readonly [string, string]): Promise<Part> {
  if (!value.startsWith("@")) return { name, content: value };
  const [, path = "", type] = /^@(.*?)(?:;type=(.*))?$/s.exec(value) ?? [];
  const typed = type === undefined ? {} : { type };
  // It can be had once, and nobody knows how long it is.
  if (path === "-") return { name, content: process.stdin, filename: "-", ...typed };
  await checkFile(path);
  // Opened when it is sent, anew for each attempt, and closed behind it; the file is never in memory as a whole.
  return { name, content: () => open(path), filename: basename(path), ...typed };
}

async function checkFile(path: string): Promise<void> {
  const what = `--form: cannot read ${path}`;
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    throw fileError(error, what);
  }
  throw new UsageError(`${what}: it is no regular file; pass @- and a pipe`);
}

function fieldOf(text: string): [string, string] {
  const sign = text.indexOf("=");
  if (sign < 1) throw new UsageError(`--form: write it as name=value or name=@file, not '${text}'`);
  return [text.slice(0, sign), text.slice(sign + 1)];
}
