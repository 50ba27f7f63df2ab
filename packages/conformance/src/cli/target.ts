/* Where reports go. */

import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "./usage-error.ts";

/** Refuses a file that could not be written: before the run, whose outcomes would be lost. */
export function checkTarget(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const refuse = (why: string): never => {
    throw new UsageError(`${option} ${file}: ${why}.`);
  };
  const found = kindOf(file);
  const folder = dirname(resolve(file));
  if (found === "folder") refuse("that is a folder. Pass the name of a file");
  if (found === null && kindOf(folder) !== "folder") refuse(`there is no folder ${folder}`);
  try {
    accessSync(found === null ? folder : file, constants.W_OK);
  } catch (error) {
    refuse(`it may not be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Writes a report. The run is over: what goes wrong here is told in a line below its outcomes. */
export function writeReport(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${option} ${file} could not be written: ${(error as Error).message}`);
  }
}

function kindOf(path: string): "folder" | "file" | null {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return null;
  }
}
