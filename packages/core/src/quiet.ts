/*
 * Promises that nobody has to await. One that fails later than it is awaited, or is never awaited, must not end the
 * process; and the stack of its error should show who awaits it. Both are seen to when it fails, so that a success
 * costs nothing.
 */

/** Watches over the promise of one async function, which tells it of a failure. */
export class Guard {
  #promise: Promise<unknown> | null = null;
  #failed = false;

  /** Takes the promise that the guarded function has returned, and returns it. */
  watch<T>(promise: Promise<T>): Promise<T> {
    this.#promise = promise;
    return this.#failed ? quiet(promise) : promise;
  }

  /** To be called in the guarded function just before it throws. */
  failed<E>(error: E): E {
    // Engines that follow `await` backwards find the caller's line from here, not from where a socket told of its end.
    // They do so as long as nobody else listens, so this comes first.
    retrace(error);
    this.#failed = true;
    if (this.#promise) void quiet(this.#promise);
    return error;
  }
}

/** Lets the stack of an error begin where this is called, where the engine can. */
export function retrace<E>(error: E): E {
  (Error as { captureStackTrace?: (error: unknown) => void }).captureStackTrace?.(error);
  return error;
}

/** Does nothing, and refers to nothing. */
export const ignore = (): void => undefined;

/** Marks a promise as one whose failure may go unheard. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignore);
  return promise;
}

/** Calls somebody who is told and not asked: what they throw, or their promise rejects with, is dropped. */
export function tellSafely<T>(listener: (value: T) => unknown, value: T): void {
  try {
    const said = listener(value);
    if (said instanceof Promise) void quiet(said);
  } catch {
    // A listener that fails is no reason for a call to fail.
  }
}
