// One call as the command line describes it: checks what the user typed, and makes a session's options of it.
import type { CompressCoding, RequestOptions } from "@anyhttp/core";
import type { TransportName } from "../transports.ts";
import { UsageError } from "./exit-status.ts";
import { readNamed } from "./files.ts";
import { formOf } from "./form.ts";
import { policiesOf } from "./policies.ts";

/** The options of `demo get` and its like, as commander hands them over. */
export interface CallFlags {
  readonly transport: TransportName;
  readonly header?: readonly string[];
  readonly json?: string;
  readonly form?: readonly string[];
  readonly data?: string;
  readonly timeout?: number;
  /** How often it is tried again. */
  readonly retry?: number;
  readonly user?: string;
  readonly digest?: boolean;
  readonly bearer?: string;
  readonly cookie?: readonly string[];
  readonly compress?: CompressCoding;
  /** In bytes per second. */
  readonly limitRate?: number;
  /** False with `--no-redirect`. */
  readonly redirect: boolean;
  readonly ca?: string;
  readonly output?: string;
  readonly trace?: boolean;
  readonly verbose?: boolean;
}

/** What to pass to `session.request`. Rejects with a {@link UsageError}. */
export async function requestOptions(flags: CallFlags): Promise<RequestOptions> {
  return {
    headers: (flags.header ?? []).map(headerOf),
    // The exit status tells an error status; its content is shown like any other.
    throwHttpErrors: false,
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(flags.redirect ? {} : { redirect: false }),
    ...policiesOf(flags),
    ...(await contentOf(flags)),
  };
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 1) throw new UsageError(`--header: write it as 'Name: value', not '${line}'`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

async function contentOf(
  flags: CallFlags,
): Promise<Pick<RequestOptions, "json" | "form" | "multipart" | "body">> {
  if (flags.json !== undefined) return { json: await jsonOf(flags.json) };
  if (flags.form !== undefined) return formOf(flags.form);
  if (flags.data === undefined) return {};
  const { data } = flags;
  return { body: data.startsWith("@") ? await readNamed(data.slice(1), "--data") : data };
}

async function jsonOf(given: string): Promise<unknown> {
  const text = given.startsWith("@")
    ? new TextDecoder().decode(await readNamed(given.slice(1), "--json"))
    : given;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`--json: not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}
