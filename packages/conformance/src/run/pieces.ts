/* Long texts over a WebSocket: in pieces, because some runtimes end a connection whose messages are longer than 1 MiB. */

/** Characters of one piece; each may take three bytes. */
const most = 250_000;

/** The messages that make up a text: all but the last begin with `+`, that with `.` */
export function inPieces(text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > most) {
    // The halves of one character stay together.
    const whole = (text.charCodeAt(at + most - 1) & 0xfc00) === 0xd800 ? most - 1 : most;
    pieces.push(`+${text.slice(at, at + whole)}`);
    at += whole;
  }
  return [...pieces, `.${text.slice(at)}`];
}

/** Makes a function that takes messages, and tells each text when it is whole. */
export function joined(tell: (text: string) => void): (message: string) => void {
  let begun = "";
  return (message) => {
    const text = begun + message.slice(1);
    begun = message.startsWith("+") ? text : "";
    if (begun === "") tell(text);
  };
}
