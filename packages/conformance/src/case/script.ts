/* What the origin does about a request, as data: answers made of steps, in byte strings; `origin/` performs them. */

import { type ByteString, utf8 } from "./bytes.ts";

/** Field lines of a head, in order: `[["location", "b"]]`. Values may hold placeholders such as `{other}`. */
export type Fields = readonly (readonly [name: string, value: string])[];

interface Bytes {
  readonly bytes: ByteString;
}

/** One thing that the origin does on a connection. The steps of an answer are done in order. */
export type Step =
  /** Waits until the head, or all content, of the request has been read. */
  | { readonly do: "await"; readonly what: "head" | "content" }
  /** Sends a head; placeholders in field values are filled in. */
  | {
      readonly do: "head";
      readonly version: string;
      readonly status: number;
      readonly reason: string;
      readonly fields: Fields;
    }
  /** Sends bytes. Those marked as content are left out when the request is a HEAD. */
  | { readonly do: "send"; readonly bytes: ByteString; readonly content?: boolean }
  /** Sends the same bytes so many times, 65 kB at once, with back-pressure, and `every` milliseconds between such pieces. */
  | (Bytes & { readonly do: "repeat"; readonly times: number; readonly every: number })
  /** Sends so many bytes of filler (see `filler`), with back-pressure. */
  | { readonly do: "filler"; readonly length: number }
  /** Sends bytes in pieces of `size`, one every `every` milliseconds. */
  | (Bytes & { readonly do: "trickle"; readonly size: number; readonly every: number })
  /** Waits until `kit.origin.open(name)`. */
  | { readonly do: "gate"; readonly name: string }
  /** Waits for so many milliseconds. For deadlines only: what waits for something to happen uses a gate. */
  | { readonly do: "pause"; readonly ms: number }
  /** Does nothing more until the client closes the connection. */
  | { readonly do: "stall" }
  /** Stops taking request content off the connection, or takes it again. */
  | { readonly do: "reading"; readonly on: boolean }
  /** Sends FIN and keeps reading. */
  | { readonly do: "half-close" }
  /** Sends FIN and is done with the connection. */
  | { readonly do: "close" }
  /** Ends the TCP connection below TLS, without a word of TLS about it. */
  | { readonly do: "cut" }
  /** Sends RST. */
  | { readonly do: "reset" };

/** What the origin does about one request (or, behind a door with a greeting, about one connection). */
export interface Answer {
  readonly steps: readonly Step[];
  /** Whether it serves every further request as well. */
  readonly repeats?: boolean;
}

/** The answers of a case, in order of arrival; or, where several requests are under way at once, by path below the base. */
export type Script = readonly Answer[] | Readonly<Record<string, readonly Answer[]>>;

const reasons: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  103: "Early Hints",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  418: "I'm a teapot",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Sends a head and nothing else; says nothing about framing by itself. */
export function head(
  status: number,
  fields: Fields = [],
  options: { readonly reason?: string; readonly version?: string } = {},
): Answer {
  const { reason = reasons[status] ?? "", version = "1.1" } = options;
  return { steps: [{ do: "head", version, status, reason, fields }] };
}

/** Sends bytes of content as they are; left out when the request is a HEAD. */
export function content(text: ByteString): Answer {
  return { steps: [{ do: "send", bytes: text, content: true }] };
}

/** Sends any bytes at all: `raw("HTP/1.1 200 OK\r\n\r\n")`. */
export function raw(text: ByteString): Answer {
  return { steps: [{ do: "send", bytes: text }] };
}

/**
 * A whole response, once the whole request has been read. `content-length` is added unless the status has no content or
 * the fields frame it themselves.
 */
export function respond(
  status: number,
  fields: Fields = [],
  text: ByteString = "",
  options: { readonly reason?: string; readonly version?: string } = {},
): Answer {
  const framed = fields.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const bare = status < 200 || status === 204 || status === 304 || framed;
  const lines: Fields = bare ? fields : [...fields, ["content-length", String(text.length)]];
  return sequence(afterContent(), head(status, lines, options), content(text));
}

/** A whole response whose content is JSON. */
export function respondJson(value: unknown, status = 200, fields: Fields = []): Answer {
  return respond(
    status,
    [["content-type", "application/json"], ...fields],
    utf8(JSON.stringify(value)),
  );
}

/** One chunk (RFC 9112 §7.1). An empty text would end the content; use {@link lastChunk} for that. */
export function chunk(text: ByteString, extension = ""): Answer {
  return content(`${text.length.toString(16)}${extension}\r\n${text}\r\n`);
}

/** The last chunk, with trailer fields. */
export function lastChunk(trailers: Fields = []): Answer {
  return content(`0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
}

/** A whole response in chunks, once the whole request has been read. */
export function respondChunked(
  status: number,
  fields: Fields,
  pieces: readonly ByteString[],
  trailers: Fields = [],
): Answer {
  const lines: Fields = [...fields, ["transfer-encoding", "chunked"]];
  return sequence(
    afterContent(),
    head(status, lines),
    ...pieces.map((piece) => chunk(piece)),
    lastChunk(trailers),
  );
}

/** Waits until the whole request has been read. {@link respond} does so by itself. */
export function afterContent(): Answer {
  return { steps: [{ do: "await", what: "content" }] };
}

/** Does all this as soon as the head of the request has been read, whatever its content does. */
export function afterHead(...answers: readonly Answer[]): Answer {
  const steps = sequence(...answers).steps.filter((step) => step.do !== "await");
  return { steps: [{ do: "await", what: "head" }, ...steps] };
}

/** Sends the same bytes so many times, 65 kB at once, one piece every `every` ms: `repeat("x-a: 1\r\n", 1_000_000)`. */
export function repeat(text: ByteString, times: number, every = 0): Answer {
  return { steps: [{ do: "repeat", bytes: text, times, every }] };
}

/** Sends so many bytes of filler. */
export function sendFiller(length: number): Answer {
  return { steps: [{ do: "filler", length }] };
}

/** Sends bytes little by little: pieces of `size` bytes, one every `every` milliseconds. */
export function trickle(
  text: ByteString,
  options: { readonly size: number; readonly every: number },
): Answer {
  return { steps: [{ do: "trickle", bytes: text, ...options }] };
}

/** Waits until the case opens the gate. */
export function gate(name: string): Answer {
  return { steps: [{ do: "gate", name }] };
}

/** Waits for so long. For deadlines only. */
export function pause(ms: number): Answer {
  return { steps: [{ do: "pause", ms }] };
}

/** Does nothing more until the client closes the connection. */
export function stall(): Answer {
  return { steps: [{ do: "stall" }] };
}

/** Takes no more request content off the connection. */
export function stopReading(): Answer {
  return { steps: [{ do: "reading", on: false }] };
}

/** Takes request content again. */
export function readOn(): Answer {
  return { steps: [{ do: "reading", on: true }] };
}

/** Sends FIN and keeps reading. */
export function halfClose(): Answer {
  return { steps: [{ do: "half-close" }] };
}

/** Sends FIN and is done with the connection. */
export function close(): Answer {
  return { steps: [{ do: "close" }] };
}

/** Ends the TCP connection below TLS, without a word of TLS about it. */
export function cut(): Answer {
  return { steps: [{ do: "cut" }] };
}

/** Sends RST. */
export function reset(): Answer {
  return { steps: [{ do: "reset" }] };
}

/** Declares more content than it sends, then sends FIN. */
export function truncate(status: number, declared: number, text: ByteString): Answer {
  return sequence(
    afterContent(),
    head(status, [["content-length", String(declared)]]),
    content(text),
    close(),
  );
}

/** One answer after another, on the same request. */
export function sequence(...answers: readonly Answer[]): Answer {
  return { steps: answers.flatMap((answer) => answer.steps) };
}

/** An answer for this and every further request. */
export function always(...answers: readonly Answer[]): Answer {
  return { ...sequence(...answers), repeats: true };
}
