/* What is judged: a transport with its name, its library and its list of known failures. */

import type { Session, Transport } from "@anyhttp/core";

/** What the runner passes to a transport's factory, merged with what a case says. */
export interface TransportOptions {
  /** Left out where the capability `tls` is `ambient`: the runtime must trust the test authority by itself. */
  readonly tls?: { readonly ca?: string };
}

/** A case that a transport fails for a reason that is not its own. It still runs, and must still fail. */
export interface KnownFailure {
  /** Id of the case. */
  readonly case: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Where it is reported or discussed. */
  readonly upstream: string;
  /** Where it fails: names of runtimes, with or without their major version (`node`, `node-22`). Default: everywhere. */
  readonly runtimes?: readonly string[];
  /** It fails by a race that the platform loses now and then: that it passes is no reason to remove it. */
  readonly sometimes?: boolean;
}

/** Name and version of the library below a transport. */
export interface LibraryInfo {
  readonly name: string;
  readonly version: string;
}

/** One subject of the suite. */
export interface Subject {
  readonly name: string;
  /** Version of the transport's package; `null` if it has none. */
  readonly version: string | null;
  /** `null` where there is none, or none is known. */
  readonly library: LibraryInfo | null;
  readonly knownFailures: readonly KnownFailure[];
  /** Makes a transport of its own for each session. */
  create(options: TransportOptions): Transport;
  /** Stands between the runner and the constructor of sessions: for broken sessions, with which the suite is tested. */
  readonly session?: (make: () => Session) => Session;
  /** Stands in for `toFetch`: for broken ones, as above. */
  readonly fetch?: (session: Session) => typeof fetch;
}

/** Whether a transport owns its connections, so that none may be left when it has been closed. */
export function ownsConnections(transport: Transport): boolean {
  // Where TLS is the runtime's own, so is the pool: there is nothing that `close` could close.
  return transport.capabilities.tls === "configurable";
}
