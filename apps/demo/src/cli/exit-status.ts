// What the exit status says, and which error leads to which.
import { HttpError } from "@anyhttp/core";

/** Documented in `demo --help`; scripts rely on it. */
export const exitStatus = {
  ok: 0,
  /** The tour found a difference, or the demo itself is broken. */
  failed: 1,
  /** The command line is wrong; nothing was sent. */
  usage: 2,
  /** The server answered with a status of 400 or above. */
  status: 3,
  /** No whole answer: DNS, connection, TLS, broken HTTP or content. */
  network: 4,
  timeout: 5,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** Something that the user can put right on the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit status for whatever ended a command. */
export function statusOf(error: unknown): number {
  if (error instanceof UsageError) return exitStatus.usage;
  if (!(error instanceof HttpError)) return exitStatus.failed;
  switch (error.name) {
    case "InvalidRequestError":
    case "UnsupportedError":
      return exitStatus.usage;
    case "StatusError":
      return exitStatus.status;
    case "TimeoutError":
      return exitStatus.timeout;
    case "AbortError":
      return exitStatus.interrupted;
    default:
      return exitStatus.network;
  }
}
