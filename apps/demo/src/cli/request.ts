// `demo get URL` and its like: makes one call, shows the answer, and says by its status how it went.
import { type HttpResponse, Session } from "@anyhttp/core";
import { bad } from "../screen/style.ts";
import { openTransport } from "../transports.ts";
import { type CallFlags, requestOptions } from "./call.ts";
import { readNamed } from "./files.ts";
import { exitStatus, UsageError } from "./exit-status.ts";
import { headLines, timingLines } from "./head.ts";
import { saveContent, showContent } from "./content.ts";
import { traceTo } from "./trace-lines.ts";

/** Makes the call; resolves with the exit status, rejects with what went wrong. */
export async function request(method: string, url: string, flags: CallFlags): Promise<number> {
  if (!url.includes("://")) {
    throw new UsageError(`'${url}' is not a whole URL: write http://… or https://…`);
  }
  const options = await requestOptions(flags);
  const ca = flags.ca === undefined ? undefined : await readCa(flags.ca);
  const transport = await openTransport(flags.transport, ca);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt);
  try {
    await using session = new Session({
      transport,
      headers: { "user-agent": "anyhttp-demo" },
      trace: flags.trace ? traceTo((text) => process.stderr.write(text)) : false,
    });
    const { signal } = interrupted;
    const response = await session.request(method, url, { ...options, signal });
    await show(method, response, flags);
    if (response.status < 400) return exitStatus.ok;
    if (!process.stdout.isTTY) process.stderr.write(`${statusLine(response)}\n`);
    return exitStatus.status;
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

async function show(method: string, response: HttpResponse, flags: CallFlags): Promise<void> {
  const terminal = process.stdout.isTTY;
  // In a pipe, standard output is the content and nothing else.
  const notes = terminal ? process.stdout : process.stderr;
  const note = (lines: readonly string[]): void => void notes.write(`${lines.join("\n")}\n`);
  if (terminal || flags.verbose) note([...headLines(method, response, flags), ""]);
  if (flags.output === undefined) await showContent(response);
  else note([await saveContent(response, flags.output)]);
  if (flags.verbose) note([...(terminal ? [""] : []), ...timingLines(response.timings)]);
}

async function readCa(path: string): Promise<string> {
  const text = new TextDecoder().decode(await readNamed(path, "--ca"));
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new UsageError(`--ca: ${path} holds no PEM certificate`);
  }
  return text;
}

function statusLine({ status, statusText }: HttpResponse): string {
  return bad(`demo: the server answered ${status} ${statusText}`.trimEnd());
}
