/* `formData()`: content as a form. Every runtime parses forms, and none offers it without a Response around. */

import { attribute, unparsable } from "./errors.ts";
import { quoted } from "./redact.ts";
import type { HttpResponse } from "./response.ts";

/** The content as multipart or urlencoded fields. @throws ParseError */
export async function readForm(response: HttpResponse): Promise<FormData> {
  const bytes = await response.bytes();
  const type = response.headers.get("content-type") ?? "";
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch (cause) {
    const what = `the content of type ${quoted(type)} is not a form`;
    throw attribute(unparsable("FORM", what, "Check its content-type.", cause), response.request);
  }
}
