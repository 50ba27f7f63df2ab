// Files that the user names, and what is wrong with them in words.
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { UsageError } from "./exit-status.ts";

/** Reads a file that the user named, or standard input for `-`. */
export async function readNamed(path: string, option: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(path === "-" ? await buffer(process.stdin) : await readFile(path));
  } catch (error) {
    throw fileError(error, `${option}: cannot read ${path}`);
  }
}

/** Says what is wrong with a file, in words where there are any. */
export function fileError(error: unknown, what: string): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file or folder",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is not a folder",
    EACCES: "permission denied",
  };
  return new UsageError(`${what}: ${reasons[code ?? ""] ?? message}`, { cause: error });
}
