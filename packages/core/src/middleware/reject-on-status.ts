/* Rejects with StatusError on a status of 400 or above; the response stays readable and its connection is free. */

import { errorCodes } from "../error-codes.ts";
import { httpError, isHttpError } from "../errors.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";

/** Reads the content up to the limit, then rejects. */
export async function rejectOnStatus(request: HttpRequest, response: HttpResponse): Promise<never> {
  const { status, statusText } = response;
  const limit = request.settings.errorContentLimit;
  let cut = false;
  try {
    cut = await response.keep(limit);
  } catch (error) {
    // Broken content does not hide the status: reading it says what is wrong. An end of the call comes first.
    if (!isHttpError(error) || !/^(ContentError|ProtocolError)$/.test(errorCodes[error.code][0])) throw error;
  }
  throw httpError("ERR_STATUS", {
    request,
    what: `the server answered ${status}${statusText === "" ? "" : ` ${statusText}`}${cut ? `; of its content ${limit} bytes are kept` : ""}`,
    fields: { response, status },
  });
}
