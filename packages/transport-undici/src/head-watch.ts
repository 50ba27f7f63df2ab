/*
 * Looks at the head of a response before undici's parser does: for the HTTP version, which undici does not tell; to have
 * the reason phrase whole, of which undici keeps the last piece (case: transport/fields/reason-phrase-may-come-in-
 * pieces); to pass over 100 responses that nobody asked for, which a client has to (RFC 9110 §15.2) and undici refuses;
 * and to straighten field lines. undici takes what has come with `socket.read()`, so that is the place.
 */

import type { Socket } from "node:net";
import { Straightener } from "./straighten.ts";

/** What an exchange is told of the head of its response. */
export interface HeadWatcher {
  /** Whether the first bytes of the final response are still to come. */
  readonly awaitsHead: boolean;
  /** Whether the content has to wait. */
  readonly held: boolean;
  /** The head of a 100 response, which undici is not shown. */
  interim(head: string): void;
  headBegins(version: "1.0" | "1.1"): void;
  /** So many octets have come behind the head. */
  carries(octets: number): void;
  refuse(code: "ERR_PROTOCOL_HEAD" | "ERR_PROTOCOL_HEAD_TOO_LARGE"): void;
}

const interim = Buffer.from("HTTP/1.1 100");
const headEnd = Buffer.from("\r\n\r\n");
/** Beyond these it is no interim response but an attack, which is left to undici to refuse. */
const mostHeld = 16_384;
const mostInterim = 32;

/** @param current The exchange that has the connection. */
export function watchHeads(socket: Socket, current: () => HeadWatcher | null): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held: Buffer | null = null;
  /** What has come behind an informational response that undici is shown. */
  let behind: Buffer | null = null;
  let passedOver = 0;
  const fields = new Straightener();
  const next = (): Buffer | null => {
    const kept = behind;
    behind = null;
    return kept ?? read();
  };
  socket.read = (size?: number) => {
    // With a size it is Node itself that asks, to have the buffer filled.
    if (size !== undefined) return read(size);
    // What is held back stays in the socket, whose end then waits until it has been read.
    if (current()?.held) return null;
    for (let came = next(); came !== null; came = next()) {
      const watcher = current();
      if (!watcher?.awaitsHead) {
        watcher?.carries(came.length);
        if (!fields.inside) return came;
      }
      let rest: Buffer = held ? Buffer.concat([held, came]) : came;
      held = null;
      let line = 0;
      if (watcher?.awaitsHead) {
        while (isInterim(rest) && passedOver < mostInterim) {
          const end = rest.indexOf(headEnd);
          if (end < 0) break;
          const head = rest.toString("latin1", 0, end);
          rest = rest.subarray(end + headEnd.length);
          passedOver++;
          // Line feeds alone could hide where it ends.
          if (/(?<!\r)\n/.test(head)) watcher.refuse("ERR_PROTOCOL_HEAD");
          else watcher.interim(head);
        }
        line = rest.indexOf(0x0a) + 1;
        const versioned = isVersioned(rest);
        const unfinished = isInterim(rest) ? passedOver < mostInterim : versioned && line === 0;
        if (unfinished && rest.length < mostHeld) {
          held = rest;
          continue;
        }
        // What undici would let pass: another HTTP than the one that is spoken, and a line that ends in CR CR (case:
        // transport/heads/two-crs-behind-the-reason).
        const broken = line > 0 && (!isSpoken(rest) || rest.indexOf(0x0d) < line - 2);
        // A 100 may follow the others, of which undici is shown one at a time.
        if (versioned && line > 0 && !broken && isInformational(rest)) {
          const end = rest.indexOf(headEnd) + headEnd.length;
          if (end < headEnd.length && rest.length < mostHeld) {
            held = rest;
            continue;
          }
          if (end >= headEnd.length && end < rest.length) {
            behind = rest.subarray(end);
            rest = rest.subarray(0, end);
          }
        } else passedOver = 0;
        // A reason phrase without end it would let pass as well.
        if (versioned && line === 0) watcher.refuse("ERR_PROTOCOL_HEAD_TOO_LARGE");
        else if (versioned && broken) watcher.refuse("ERR_PROTOCOL_HEAD");
        watcher.headBegins(rest[7] === 0x30 ? "1.0" : "1.1");
        if (line === 0) return rest;
      }
      rest = fields.straighten(rest, line);
      if (rest.length > 0) return rest;
    }
    return null;
  };
}

/** Whether the bytes begin with `HTTP/`; there may be fewer of them than that. */
function isVersioned(bytes: Buffer): boolean {
  return bytes.length >= 5 && bytes.compare(interim, 0, 5, 0, 5) === 0;
}

/** Whether HTTP/1.0 or HTTP/1.1 stands at the beginning, of bytes that begin with `HTTP/`. */
function isSpoken(bytes: Buffer): boolean {
  const minor = bytes[7];
  const numbered = bytes[5] === 0x31 && bytes[6] === 0x2e && (minor === 0x30 || minor === 0x31);
  return numbered && bytes[8] === 0x20;
}

/** Whether a status line has one of the statuses from 100 to 199. */
function isInformational(line: Buffer): boolean {
  return line[9] === 0x31 && isDigit(line[10]) && isDigit(line[11]) && !isDigit(line[12]);
}

function isDigit(octet = 0): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** Whether the bytes are those of a 100 response, as far as they go; none are. */
function isInterim(bytes: Buffer): boolean {
  // Most responses differ in the first digit of their status, and need no second look.
  if (bytes.length > 9 && bytes[9] !== 0x31) return false;
  const length = Math.min(bytes.length, interim.length);
  // 1000 is no status, and begins like one.
  if (isDigit(bytes[interim.length])) return false;
  return interim.compare(bytes, 0, length, 0, length) === 0;
}
