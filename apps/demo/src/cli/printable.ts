// Makes text from a stranger safe to print: a server must not drive the user's terminal.

/** Shows control characters (C0, DEL, C1) other than tab and line feed as symbols or hexadecimal. */
export function printable(text: string): string {
  return (
    text
      .replaceAll("\r\n", "\n")
      // oxlint-disable-next-line no-control-regex -- they are what this is about
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
        const code = character.charCodeAt(0);
        return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `\\x${code.toString(16)}`;
      })
  );
}
