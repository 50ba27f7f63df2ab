/*
 * The data that the page carries. Everything of the matrix is in one block; the evidence of each case is in a block of
 * its own, parsed when the case is opened, so that a page of thousands of cells starts at once.
 */

/** The block with id `data`. */
export interface PageData {
  readonly revision: string;
  readonly ok: boolean;
  readonly outcomes: readonly OutcomeInfo[];
  readonly cases: readonly PageCase[];
  readonly subjects: readonly PageSubject[];
  readonly capabilities: readonly CapabilityInfo[];
}

/** An outcome and how it is shown: never by colour alone. */
export interface OutcomeInfo {
  readonly name: string;
  readonly symbol: string;
  /** Short, for cells. */
  readonly label: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
  /** Whether it makes the suite fail. */
  readonly bad: boolean;
  /** How many there are in all. */
  readonly total: number;
}

/** A case, without what was seen. */
export interface PageCase {
  readonly id: string;
  readonly area: string;
  readonly title: string;
  readonly level: string;
  readonly spec: readonly { readonly text: string; readonly url: string | null }[];
  readonly catalogue: readonly string[];
  readonly requires: Readonly<Record<string, string>>;
  readonly hint: string;
}

/** A transport on a runtime. */
export interface PageSubject {
  /** Stands for it in the address of the page. */
  readonly key: string;
  readonly name: string;
  readonly version: string | null;
  readonly library: string | null;
  readonly runtime: string;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
  /** By outcome. */
  readonly totals: readonly number[];
  /** By case: index of the outcome. */
  readonly outcomes: readonly number[];
  /** By case: 1 where the case's `otherwise` was judged. */
  readonly otherwise: readonly number[];
}

/** A capability, its best value, and what it is about. */
export interface CapabilityInfo {
  readonly name: string;
  readonly best: string;
  readonly about: string;
}

/** The block with id `evidence-N`: by subject. */
export type Evidence = readonly CellEvidence[];

/** Field lines. */
export type Lines = readonly (readonly [name: string, value: string])[];

/** What is known of one cell. */
export interface CellEvidence {
  readonly judged: "expect" | "otherwise" | "none";
  readonly failures: readonly string[];
  readonly calls: readonly CallEvidence[];
  /** How many more calls there were, too many to show. */
  readonly moreCalls: number;
  readonly origin: OriginEvidence | null;
  readonly known: { readonly reason: string; readonly upstream: string } | null;
  readonly duration: number;
}

/** What the caller of one call got. */
export interface CallEvidence {
  readonly method: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly httpVersion?: string | null;
  readonly headers?: Lines;
  readonly trailers?: Lines | null;
  readonly history?: readonly { readonly status: number; readonly url: string }[];
  readonly content?: unknown;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code?: string;
    readonly phase?: string;
    readonly requestSent?: string;
    readonly retryable?: boolean;
    readonly attempt?: number;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly cause?: unknown;
  };
  /** Milliseconds; `null` where times are not kept. */
  readonly after: number | null;
}

/** What the origin saw. */
export interface OriginEvidence {
  readonly arrivals: readonly ArrivalEvidence[];
  readonly moreArrivals: number;
  readonly connections: readonly ConnectionEvidence[];
  readonly moreConnections: number;
  readonly wire: readonly WireEvidence[];
}

/** One request that arrived. */
export interface ArrivalEvidence {
  readonly connection: number;
  readonly door: string;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: Lines;
  readonly framing: string;
  readonly content: string;
  readonly contentLength: number;
  readonly filler: boolean;
  readonly trailers: Lines;
  readonly complete: boolean;
  readonly faults: readonly string[];
  readonly scripted: boolean;
}

/** One connection that was accepted. */
export interface ConnectionEvidence {
  readonly number: number;
  readonly door: string;
  readonly tls: string | null;
  readonly servername: string | null;
  readonly requests: number;
  readonly received: number;
  readonly sent: number;
  readonly closed: string | null;
}

/** One event on the wire. */
export interface WireEvidence {
  /** Milliseconds; `null` where times are not kept. */
  readonly at: number | null;
  readonly connection: number;
  readonly what: string;
  readonly detail: string;
  readonly size: number;
}
