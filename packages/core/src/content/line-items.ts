/* What is made of content line by line while it comes. */

import { attribute, isHttpError } from "../errors.ts";
import { count, lay, type Rules } from "../options/rules.ts";
import type { HttpResponse } from "../response.ts";
import { Exit } from "./exit.ts";
import { LineSplitter, PieceDecoder } from "./text.ts";

/** Bounds for content that is read line by line. */
export interface LineOptions {
  /** Most characters of a line; a longer one is a `ContentError`. `false`: any number. Default: 16 777 216. */
  readonly maxLength?: number | false | undefined;
}

/** As they hold. */
export interface LineSettings {
  readonly maxLength: number;
}

export const lineRules: Rules<LineSettings> = { maxLength: count(1) };
export const lineDefaults: LineSettings = { maxLength: 16_777_216 };

/** @throws InvalidRequestError */
export function lineSettings(options: LineOptions | undefined): LineSettings {
  return options === undefined ? lineDefaults : lay(lineRules, lineDefaults, options);
}

/** What lines become. */
export interface LineTaker<T> {
  /** The charset; without this function it is UTF-8, whatever the response says. */
  readonly charset?: (response: HttpResponse) => string | null;
  /** Whether a last line without an end is none. */
  readonly endsOnly?: boolean;
  /** Looks at the response before its content is taken. */
  readonly check?: (response: HttpResponse) => void;
  /** What a line gives; `undefined`: nothing. @param number From 1. */
  readonly take: (line: string, number: number) => T | Promise<T> | undefined;
}

/** The items that lines become. Leaving the loop gives the rest up. */
export function byLine<T>(
  from: HttpResponse | Promise<HttpResponse>,
  settings: () => LineSettings,
  taker: LineTaker<T>,
): AsyncGenerator<T, void> {
  const exit = new Exit(from);
  return exit.of(lineItems(from, settings, taker, exit));
}

/** The same within a loop that has an exit of its own. */
export async function* lineItems<T>(
  from: HttpResponse | Promise<HttpResponse>,
  settings: () => LineSettings,
  { charset, endsOnly = false, check, take }: LineTaker<T>,
  exit: Exit,
): AsyncGenerator<T, void> {
  // Content is whose who asks first.
  const response = from instanceof Promise ? await exit.head(from) : from;
  if (!response) return;
  try {
    const { maxLength } = settings();
    check?.(response);
    const decoder = new PieceDecoder(charset?.(response));
    const lines = new LineSplitter(maxLength);
    let number = 0;
    const taken = function* (found: Iterable<string>): Generator<T | Promise<T>, void> {
      for (const line of found) {
        const item = take(line, ++number);
        if (item !== undefined) yield item;
      }
    };
    const pieces = response[Symbol.asyncIterator]();
    exit.end = () => pieces.return?.();
    // oxlint-disable-next-line anyhttp/no-for-await -- leaving this one has to end it
    for await (const piece of pieces) yield* taken(lines.split(decoder.decode(piece)));
    if (exit.left) return;
    yield* taken(lines.split(decoder.decode()));
    if (!endsOnly) yield* taken(lines.rest());
  } catch (error) {
    // Nobody else can give it up where this was all that the caller had of it.
    if (!response.bodyUsed) response.discard();
    throw isHttpError(error) ? attribute(error, response.request) : error;
  }
}
