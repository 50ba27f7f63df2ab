/* Reads multipart/form-data back, independently of what writes it, and stricter than any server: nothing may be loose. */

/** A part as it is on the wire; names with what is escaped in them. */
export interface ParsedPart {
  readonly name: string;
  readonly filename: string | undefined;
  /** All fields but `content-disposition`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly content: string;
}

/** The parts of a form; `content` has one character a byte. @throws if it is not exactly well-formed. */
export function parseForm(type: string | undefined, content: string): ParsedPart[] {
  const boundary = /^multipart\/form-data; boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})$/.exec(
    type ?? "",
  )?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${type}`);
  const mark = `--${boundary}`;
  const parts: ParsedPart[] = [];
  let rest = `\r\n${content}`;
  for (;;) {
    if (!rest.startsWith(`\r\n${mark}`)) throw new Error("no boundary where one has to be");
    rest = rest.slice(mark.length + 2);
    if (rest === "--\r\n") return parts;
    const end = rest.indexOf("\r\n\r\n");
    const next = rest.indexOf(`\r\n${mark}`, end + 4);
    if (!rest.startsWith("\r\n") || end < 0 || next < 0) throw new Error("a part has no end");
    parts.push(partOf(rest.slice(2, end), rest.slice(end + 4, next)));
    rest = rest.slice(next);
  }
}

function partOf(head: string, content: string): ParsedPart {
  const fields: Record<string, string> = {};
  for (const line of head.split("\r\n")) {
    const [, name = "", value = ""] = /^([a-zA-Z-]+): ([^\r\n\0]*)$/.exec(line) ?? [];
    if (name === "" || name in fields) throw new Error(`a wrong line: ${JSON.stringify(line)}`);
    fields[name] = value;
  }
  const { "content-disposition": disposition = "", ...others } = fields;
  const [whole, name = "", filename] =
    /^form-data; name="([^"]*)"(?:; filename="([^"]*)")?$/.exec(disposition) ?? [];
  if (whole === undefined) throw new Error(`a wrong disposition: ${disposition}`);
  return { name: text(name), filename: filename && text(filename), fields: others, content };
}

function text(octets: string): string {
  return Buffer.from(octets, "latin1").toString();
}
