/* A look-up of the user's, held to its contract: Node trusts it, and an answer without addresses ends the process. */

import { isIP, type LookupFunction } from "node:net";

type Callback = Parameters<LookupFunction>[2];

/** Calls back once, with addresses or with an error that has a code. */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    let answered = false;
    const answer: Callback = (error, found, family) => {
      if (answered) return;
      answered = true;
      if (error) return callback(coded(error), "");
      if (!isAnswer(found, options.all === true))
        return callback(coded(new Error(`the look-up of ${hostname} gave no address`)), "");
      callback(null, found, family);
    };
    try {
      lookup(hostname, options, answer);
    } catch (error) {
      // As an answer would come: in a turn of its own.
      process.nextTick(answer, error);
    }
  };
}

function isAnswer(found: unknown, all: boolean): boolean {
  if (!all) return isIP(found as string) !== 0;
  return (
    Array.isArray(found) &&
    found.length > 0 &&
    found.every((one: { readonly address?: unknown } | null) => isIP(one?.address as string) !== 0)
  );
}

function coded(error: unknown): Error {
  if (error instanceof Error && typeof (error as { code?: unknown }).code === "string")
    return error;
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message, { cause: error }), { code: "EBADRESP" });
}
