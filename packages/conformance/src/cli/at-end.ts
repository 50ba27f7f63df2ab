/*
 * What has to go when this process ends: folders of its own, and processes that it started. An interrupt ends a process
 * without its `finally` blocks, so all of that is noted here as well.
 */

const undoings = new Set<() => void>();

/** Signals that end this process, each with the status by which a shell tells of it. */
const statuses = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

let listening = false;

/** Has `undo` called when this process ends. Returns what calls it before that; it is called once. */
export function atEnd(undo: () => void): () => void {
  listen();
  // A thing of its own, even where the function is not.
  const undoing = (): void => undo();
  undoings.add(undoing);
  return () => {
    if (undoings.delete(undoing)) undo();
  };
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.once("exit", undoAll);
  for (const [name, status] of Object.entries(statuses)) {
    // Not `once`: whoever passes a terminal's interrupt on sends it twice, and the second must not break off the first.
    process.on(name, () => process.exit(status));
  }
}

/** The last first: processes end before the folder goes that they write to. */
function undoAll(): void {
  for (const undo of [...undoings].toReversed()) {
    try {
      undo();
    } catch {
      // What cannot be undone must not keep the others from it.
    }
  }
}
