/* Makes a subject of somebody's own module, and says what is wrong with that: which file, and what it should be. */

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Transport } from "@anyhttp/core";
import type { KnownFailure, LibraryInfo, Subject, TransportOptions } from "../run/subject.ts";
import { UsageError } from "./usage-error.ts";

type Factory = (options: TransportOptions) => Transport;

/** The subject in a file; `names` are what could have been asked for instead. */
export async function loadFile(wish: string, names: readonly string[]): Promise<Subject> {
  const instead = `Pass one of ${names.join(", ")}, or the path of a module.`;
  if (wish === "") throw new UsageError(`--transport is empty. ${instead}`);
  const path = resolve(wish);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`There is no transport ${wish}. ${instead}`);
  if (found.isDirectory()) throw new UsageError(`${wish} is a folder. ${instead}`);
  const module = await load(wish, path);
  const create = module["default"];
  if (typeof create !== "function") {
    throw new UsageError(
      `${wish} does not export a factory by default: export default (options) => Transport.`,
    );
  }
  return {
    name: make(wish, create as Factory).name,
    version: null,
    library: libraryIn(wish, module["library"]),
    knownFailures: listIn(wish, module["knownFailures"]),
    create: create as Factory,
  };
}

async function load(wish: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === "ERR_UNKNOWN_FILE_EXTENSION")
      throw new UsageError(`${wish} is no module by its name, which should end in .js or .mjs.`);
    if (isOfLoader(error))
      throw new UsageError(`${wish} cannot be loaded: ${error.message}. Try: node ${wish}`);
    throw new UsageError(`${wish} threw when it was imported: ${stackOf(error)}`);
  }
}

/** Whether Node threw it while it looked for modules and parsed them, before any of them ran. */
function isOfLoader(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line));
  const known = error instanceof SyntaxError || (error as { code?: string }).code !== undefined;
  return known && frames.every((frame) => /\bnode:|^ +at async |<anonymous>/.test(frame));
}

/** A transport, to see whether it is one. */
function make(wish: string, create: Factory): Transport {
  let made: unknown;
  try {
    made = create({});
  } catch (error) {
    throw new UsageError(`The factory of ${wish} threw: ${stackOf(error)}`);
  }
  const remedy = "It should return a transport: export default (options) => Transport.";
  if (typeof (made as PromiseLike<unknown> | null | undefined)?.then === "function") {
    // Nobody waits for it.
    void Promise.resolve(made).catch(() => undefined);
    throw new UsageError(`The factory of ${wish} returned a promise. ${remedy}`);
  }
  if (typeof made !== "object" || made === null)
    throw new UsageError(`The factory of ${wish} returned ${String(made)}. ${remedy}`);
  const transport = made as Transport;
  const sound: Readonly<Record<string, boolean>> = {
    name: typeof transport.name === "string",
    capabilities: typeof transport.capabilities === "object",
    send: typeof transport.send === "function",
    idle: typeof transport.idle === "function",
    close: typeof transport.close === "function",
  };
  const lacks = Object.keys(sound).filter((key) => sound[key] !== true);
  if (lacks.length > 0)
    throw new UsageError(
      `The factory of ${wish} returned an object without ${lacks.join(", ")}. ${remedy}`,
    );
  return transport;
}

function libraryIn(wish: string, library: unknown): LibraryInfo | null {
  if (library === undefined || library === null) return null;
  if (hasTexts(library, ["name", "version"])) return library as LibraryInfo;
  throw new UsageError(`${wish} exports a library that is no { name, version }.`);
}

function listIn(wish: string, list: unknown): readonly KnownFailure[] {
  if (list === undefined) return [];
  const sound =
    Array.isArray(list) && list.every((one) => hasTexts(one, ["case", "reason", "upstream"]));
  if (sound) return list as KnownFailure[];
  throw new UsageError(
    `${wish} exports knownFailures that are no list of { case, reason, upstream }.`,
  );
}

function hasTexts(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return keys.every((key) => typeof (value as Record<string, unknown>)[key] === "string");
}

function stackOf(error: unknown): string {
  return error instanceof Error ? String(error.stack ?? error) : String(error);
}
