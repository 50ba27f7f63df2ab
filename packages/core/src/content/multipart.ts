/*
 * multipart/form-data (RFC 7578) of a FormData, as one Blob: its length is known, files are not read before they are
 * sent, it can be sent again, and runtimes that cannot stream a request can send it all the same.
 */

/** Serialises a FormData. The Blob's type carries the boundary: 122 random bits, so that no content can hold it. */
export function multipartBlob(form: FormData): Blob {
  const boundary = `----anyhttp-${crypto.randomUUID()}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form as unknown as Iterable<[string, string | File]>) {
    parts.push(`--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"`);
    if (typeof value === "string") parts.push(`\r\n\r\n${normalizeBreaks(value)}\r\n`);
    else {
      const type = value.type || "application/octet-stream";
      parts.push(
        `; filename="${escapeName(value.name, false)}"\r\ncontent-type: ${type}\r\n\r\n`,
        value,
        "\r\n",
      );
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

/** Escapes as browsers do (HTML §4.10.21.8): a name cannot end its quotes or its line. */
function escapeName(name: string, breaks = true): string {
  const text = breaks ? normalizeBreaks(name) : name;
  return text.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}

function normalizeBreaks(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}
