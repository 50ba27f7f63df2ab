/* Errors made of nothing but their code, for transports and middleware. Core itself says more, where it finds a fault. */

import { type ErrorCode, errorCodes, type ErrorKind } from "./error-codes.ts";
import * as errors from "./errors.ts";
import type { ErrorFacts, HttpError } from "./http-error.ts";

/** What an error is made of, beside its code. */
export interface ErrorInit extends ErrorFacts {
  readonly request?: { readonly method: string; readonly url: string } | undefined;
  /** What failed, more exactly than the code says. Must hold no secrets. */
  readonly what?: string | undefined;
  readonly remedy?: string | undefined;
}

const classes: Readonly<Record<ErrorKind, typeof HttpError>> = errors;

/** Makes the error of a code: the class follows from the code, and so does what `init` leaves out. */
export function httpError(code: ErrorCode, init: ErrorInit = {}): HttpError {
  const [kind, phase, requestSent, what, remedy] = errorCodes[code];
  const error = new classes[kind](code, init.what ?? what, init.remedy ?? remedy, {
    ...init,
    phase: init.phase ?? phase,
    requestSent: init.requestSent ?? requestSent,
  });
  return init.request ? errors.attribute(error, init.request) : error;
}
