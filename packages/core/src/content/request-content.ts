/* Request content: the options that carry it, made into one thing that knows its type and whether it can be sent again. */

import { invalid } from "../errors.ts";
import { isStray } from "../record.ts";
import { shown } from "../redact.ts";
import { type FormInput, toSearchParams } from "./form.ts";
import { multipartContent, type MultipartInput } from "./multipart.ts";
import { type ContentInput, plainContent, textContent } from "./plain-content.ts";
import { MadeContent, type RequestContent } from "./source.ts";

/** What `body` can be. Streams and iterables can be sent once; everything else as often as needed. */
export type BodyInput = ContentInput | FormData | URLSearchParams;

/**
 * A function that makes the content anew for each attempt, so that one-shot kinds can be sent again. A file that it
 * opens is closed when the exchange is over.
 */
export type BodyFactory = () => BodyInput | Promise<BodyInput>;

/** The options that carry content; one of them at most. */
export interface ContentOptions {
  /** Sent as JSON, `content-type: application/json`. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: FormInput | undefined;
  /**
   * Sent as `multipart/form-data` (RFC 7578) with an unpredictable boundary, and with its length if that of each part is
   * known.
   */
  readonly multipart?: MultipartInput | undefined;
  /** Sent as it is. Text is UTF-8. */
  readonly body?: BodyInput | BodyFactory | null | undefined;
}

/** How each option becomes content. */
const kinds: {
  readonly [K in keyof ContentOptions]-?: (value: NonNullable<ContentOptions[K]>) => RequestContent;
} = {
  json: (value) => textContent("application/json", jsonText(value)),
  form: (value) => fromInput(toSearchParams(value, "form")),
  multipart: multipartContent,
  body: (value) =>
    typeof value === "function" ? new MadeContent(value, fromMade) : fromInput(value),
};

/**
 * The content of a call; `null` if it is to have none, `undefined` if nothing is said of it.
 * @throws InvalidRequestError if there are two, or it is of no known kind.
 */
export function requestContent(options: ContentOptions): RequestContent | null | undefined {
  const given: (keyof ContentOptions)[] = [];
  let content: unknown;
  for (const kind of Object.keys(kinds) as (keyof ContentOptions)[]) {
    // Read once, as it may be a getter.
    const value = options[kind];
    if (value === undefined || isStray(options, kind)) continue;
    if (kind === "body" && value === null) {
      if (given.length === 0) content = null;
      continue;
    }
    given.push(kind);
    content = value;
  }
  if (given.length > 1) {
    throw invalid(
      "CONTENT",
      `${given.join(" and ")} are given, and a request has one content`,
      "Pass one of them.",
    );
  }
  const [kind] = given;
  return kind ? kinds[kind](content as never) : (content as null | undefined);
}

function fromInput(input: BodyInput): RequestContent {
  if (input instanceof URLSearchParams)
    return textContent("application/x-www-form-urlencoded;charset=UTF-8", String(input));
  return input instanceof FormData ? multipartContent(input) : plainContent(input, "body");
}

/** What a function has made. Its type is known only then, so it is the caller's to declare. */
function fromMade(input: BodyInput): RequestContent {
  if (!(input instanceof FormData)) return fromInput(input);
  throw invalid(
    "CONTENT",
    "the function given as body made a FormData, whose boundary nobody could declare",
    "Pass parts as multipart; the content of each can be a function.",
  );
}

function jsonText(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw invalid(
      "CONTENT",
      "json cannot be serialised",
      "Remove cycles and bigints, and nest it less.",
      cause,
    );
  }
  if (json !== undefined) return json;
  throw invalid(
    "CONTENT",
    `json is ${shown(value)}`,
    "Pass an object, array, string, number, boolean or null.",
  );
}
