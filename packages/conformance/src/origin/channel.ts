/*
 * One end of a WebSocket (RFC 6455), as far as the control plane needs it: whole texts in both directions. It spares
 * whoever drives the origin a request for each question.
 */

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const text = 1;
const closing = 8;
const ping = 9;
const pong = 10;

/** A channel to a client that has asked for an upgrade. */
export class Channel {
  readonly #socket: Duplex;
  readonly #told: (text: string) => void;
  /** What has come and is not a whole frame, and how much that must be before it is looked at. */
  #pieces: Buffer[] = [];
  #have = 0;
  #need = 2;
  /** Frames of a message that is not whole. */
  #parts: Buffer[] = [];

  constructor(request: IncomingMessage, socket: Duplex, told: (text: string) => void) {
    this.#socket = socket;
    this.#told = told;
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade`;
    socket.write(`${head}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on("error", () => this.destroy());
    socket.on("end", () => socket.end());
    socket.on("data", (piece: Buffer) => this.#push(piece));
  }

  /** Sends a text. */
  send(said: string): void {
    this.#frame(text, Buffer.from(said));
  }

  /** Ends it at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #frame(opcode: number, payload: Buffer): void {
    if (!this.#socket.writable) return;
    const { length } = payload;
    const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    head[0] = 0x80 | opcode;
    head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
    if (head.length === 4) head.writeUInt16BE(length, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  #push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#have += piece.length;
    while (this.#have >= this.#need) {
      const all =
        this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces);
      const rest = this.#read(all);
      this.#pieces = [rest];
      this.#have = rest.length;
    }
  }

  /** Reads one frame if it is whole, and says how much is needed if not. Returns what is left. */
  #read(all: Buffer): Buffer {
    const [first = 0, second = 0] = all;
    const short = second & 0x7f;
    const begin = (short === 126 ? 4 : short === 127 ? 10 : 2) + 4;
    this.#need = begin;
    if (all.length < begin) return all;
    const length =
      short === 126 ? all.readUInt16BE(2) : short === 127 ? Number(all.readBigUInt64BE(2)) : short;
    this.#need = begin + length;
    if (all.length < this.#need) return all;
    // Clients mask what they send (§5.3).
    const payload = all.subarray(begin, begin + length);
    for (let i = 0; i < length; i++) {
      payload[i] = (payload[i] as number) ^ (all[begin - 4 + (i & 3)] as number);
    }
    this.#need = 2;
    this.#took(first & 0x0f, (first & 0x80) !== 0, payload);
    return all.subarray(begin + length);
  }

  #took(opcode: number, last: boolean, payload: Buffer): void {
    if (opcode === ping) return this.#frame(pong, payload);
    if (opcode === pong) return;
    if (opcode === closing) {
      this.#frame(closing, payload);
      this.#socket.end();
      return;
    }
    this.#parts.push(payload);
    if (last) this.#told(Buffer.concat(this.#parts.splice(0)).toString());
  }
}
