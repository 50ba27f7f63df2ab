/* Rejects with StatusError on a status of 400 or above; the response stays readable and its connection is free. */

import { attribute, isHttpError, StatusError } from "../errors.ts";
import type { HttpRequest } from "../request.ts";
import type { HttpResponse } from "../response.ts";
import { tellAttempts } from "../retry/retry.ts";

/** Reads the content up to the limit, then rejects. */
export async function rejectOnStatus(request: HttpRequest, response: HttpResponse): Promise<never> {
  const { status, statusText } = response;
  const limit = request.settings.errorContentLimit;
  let cut = false;
  try {
    cut = await response.keep(limit);
  } catch (error) {
    // Broken content does not hide the status: reading it says what is wrong. An end of the call comes first.
    if (!isHttpError(error) || !/^ERR_(CONTENT|PROTOCOL)/.test(error.code)) throw error;
  }
  const what = `the server answered ${`${status} ${statusText}`.trim()}${cut ? `; of its content ${limit} bytes are kept` : ""}`;
  const error = new StatusError(
    "ERR_STATUS",
    what,
    "See error.response, or set throwHttpErrors: false.",
    {
      requestSent: "yes",
      fields: { response, status },
    },
  );
  const { attempts } = response;
  throw tellAttempts(attribute(error, request), { attempt: attempts.length + 1, attempts });
}
