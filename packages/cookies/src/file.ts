/* Saves a jar to a file and loads it again. For runtimes with Node's file system: Node, Deno, Bun. */

import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { cookieJar, type CookieJarOptions, type Jar } from "./index.ts";

/** A file that is there, and is not that of a jar. It has been left as it is. */
export class CookieFileError extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(
      `${path} does not hold a cookie jar, and was left as it is. Move it away, or use another path.`,
      { cause },
    );
    this.name = "CookieFileError";
    this.path = path;
  }
}

/** Options of `saveTo`. */
export interface SaveOptions {
  /** Whether cookies that end with the session are saved as well. Default: false. */
  readonly sessionCookies?: boolean | undefined;
}

/**
 * Saves the cookies of a jar as JSON, values included, readable by the owner alone (mode 0600). The file is replaced
 * as a whole: whatever happens meanwhile, it holds either what it held or all of the jar.
 * @throws CookieFileError if something else is there; the file system's error if it cannot be written.
 */
export async function saveTo(jar: Jar, path: string, options: SaveOptions = {}): Promise<void> {
  // Behind a link, it is the file that is replaced and not the link.
  const target = await realpath(path).catch(() => path);
  await readJar(target, {});
  const { version, cookies } = jar.toJSON();
  const saved = options.sessionCookies
    ? cookies
    : cookies.filter(({ expires }) => expires !== null);
  await replace(target, `${JSON.stringify({ version, cookies: saved }, null, 2)}\n`);
}

/**
 * Loads what `saveTo` has saved, into a new jar; an empty one if there is no such file.
 * @throws CookieFileError if the file holds something else; the file system's error if it cannot be read.
 */
export async function loadFrom(
  path: string,
  options: Omit<CookieJarOptions, "store"> = {},
): Promise<Jar> {
  // Before the file is read, so that a wrong option is not taken for a wrong file.
  const empty = cookieJar(options);
  return (await readJar(path, options)) ?? empty;
}

async function readJar(
  path: string,
  options: Omit<CookieJarOptions, "store">,
): Promise<Jar | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // Without the parser's words: they quote the file.
    throw new CookieFileError(path, new SyntaxError("it is not JSON"));
  }
  try {
    return cookieJar.from(data, options);
  } catch (cause) {
    throw new CookieFileError(path, cause);
  }
}

/** Writes beside the file, makes sure that it is on the disk, and puts it in place. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await written(await open(beside, "wx", 0o600), text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  // The name is in the folder. Not every system can open one (Windows cannot), and the file is good either way.
  const folder = await open(dirname(path), "r").catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function written(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
