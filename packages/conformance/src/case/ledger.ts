/* The second witness: what the origin saw during one run, as plain data. */

import type { ByteString } from "./bytes.ts";
import type { Fields } from "./script.ts";

/** One request that arrived. */
export interface Arrival {
  /** Which connection carried it, from 1. */
  readonly connection: number;
  readonly door: string;
  readonly method: string;
  /** The request target as sent. */
  readonly target: string;
  /** The target below the base of the run, if it is below: `a?x=1`. Otherwise the target as sent. */
  readonly path: string;
  /** `1.1` or `1.0`. */
  readonly version: string;
  /** Field lines as sent: order, case and duplicates kept. */
  readonly fields: Fields;
  /** The head as sent, byte by byte, the empty line included. */
  readonly head: ByteString;
  readonly framing: "none" | "length" | "chunked";
  /** The content without its framing; the first 256 KiB of it. */
  readonly content: ByteString;
  readonly contentLength: number;
  /** Whether the content, however long, is that of `filler`. */
  readonly filler: boolean;
  /**
   * What a coded content is without its coding: the first 256 KiB, how long it is in all, and whether it is that of
   * `filler`. `null` for content without a coding, of one that is not known, or incomplete.
   */
  readonly decoded: {
    readonly content: ByteString;
    readonly length: number;
    readonly filler: boolean;
  } | null;
  readonly trailers: Fields;
  /** Whether all of the request arrived. */
  readonly complete: boolean;
  /** Why it was no request, or what was sloppy about it; empty if it was sound. */
  readonly faults: readonly string[];
  /** Whether the script had an answer for it. */
  readonly scripted: boolean;
}

/** One connection that was accepted. */
export interface Connection {
  /** From 1, in order. */
  readonly number: number;
  readonly door: string;
  /** `TLSv1.3` and so on; `null` for a plain one, and for one whose handshake did not succeed. */
  readonly tls: string | null;
  /** Name that the client asked for in its handshake. */
  readonly servername: string | null;
  readonly requests: number;
  /** Bytes that came, and bytes that went (those still waiting for the client to read not counted). */
  readonly received: number;
  readonly sent: number;
  /** Who ended it and how; `null` while it is open. */
  readonly closed: "client-fin" | "client-reset" | "origin-fin" | "origin-reset" | null;
}

/** One event on the wire. */
export interface WireEvent {
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly connection: number;
  readonly what: "open" | "secured" | "received" | "sent" | "closed" | "note";
  /** The bytes (the first 512 of them), or a remark. */
  readonly detail: ByteString;
  /** How many bytes there were. */
  readonly size: number;
}

/** All that the origin saw. */
export interface Ledger {
  readonly arrivals: readonly Arrival[];
  readonly connections: readonly Connection[];
  readonly wire: readonly WireEvent[];
}
