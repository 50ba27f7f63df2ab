/* What the command cannot carry out, as opposed to what goes wrong while it does. */

/** What was asked for does not exist, or is not what it should be. The message is for the person who asked. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
