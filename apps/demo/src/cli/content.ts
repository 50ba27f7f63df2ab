// Shows or saves the content of a response: exact bytes in a pipe or file, readable text on a terminal.
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { HttpResponse } from "@anyhttp/core";
import { size } from "../format.ts";
import { quiet, warning } from "../screen/style.ts";
import { fileError } from "./files.ts";
import { colourJson } from "./json-colours.ts";
import { printable } from "./printable.ts";

/** JSON above this size is shown as it comes. */
const prettyLimit = 4 * 1024 * 1024;

/** Writes the content to standard output. */
export async function showContent(response: HttpResponse): Promise<void> {
  if (process.stdout.isTTY) return showOnTerminal(response);
  // Standard output stays open: others may still want to write.
  await pipeline(response, process.stdout, { end: false });
}

/** Writes the content to a file; resolves with a line that says so. */
export async function saveContent(response: HttpResponse, path: string): Promise<string> {
  const file = createWriteStream(path);
  await new Promise<void>((resolve, reject) => {
    file.once("open", () => resolve());
    file.once("error", (error) => reject(fileError(error, `--output: cannot write ${path}`)));
  });
  await pipeline(response, file);
  return quiet(`${size(file.bytesWritten)} saved to ${path}`);
}

async function showOnTerminal(response: HttpResponse): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  const length = Number(response.headers.get("content-length") ?? prettyLimit);
  if (/^application\/(?:json|[^;]+\+json)\b/i.test(type) && length < prettyLimit) {
    return showJson(await response.text());
  }
  const decoder = new TextDecoder();
  let last = "\n";
  const show = (text: string): void => {
    last = text.at(-1) ?? last;
    process.stdout.write(printable(text));
  };
  for await (const piece of response) {
    if (piece.includes(0)) {
      response.discard();
      return line(warning("Binary content: use --output FILE, or a pipe."));
    }
    show(decoder.decode(piece, { stream: true }));
  }
  show(decoder.decode());
  // So that the prompt of the shell gets a line of its own.
  if (last !== "\n") process.stdout.write("\n");
}

function showJson(text: string): void {
  try {
    line(colourJson(JSON.parse(text)));
  } catch {
    line(printable(text));
  }
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
