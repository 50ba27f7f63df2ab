/* The way out of a loop for whoever leaves it from elsewhere, while it waits for its next item. */

import { ignore } from "../quiet.ts";
import type { HttpResponse } from "../response.ts";

/** What `return()` does beside what the language's generators do, whose `return()` waits for the next item. */
export class Exit {
  /** Somebody has left. */
  left = false;
  /** Ends what the loop waits for. */
  end: () => unknown;

  /** @param from Where the items come from, to be given up by a loop that has not begun. */
  constructor(from: HttpResponse | Promise<HttpResponse>) {
    this.end = () => giveUp(from);
  }

  /** The same items, to be left at any time. */
  of<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    const leave = items.return.bind(items);
    const raise = items.throw.bind(items);
    const leaving = (): void => {
      this.left = true;
      this.end();
    };
    items.return = (value) => {
      leaving();
      return leave(value);
    };
    items.throw = (error) => {
      leaving();
      return raise(error);
    };
    return items;
  }

  /** What somebody promises; `null` as soon as the loop is left, and then it is given up when it comes. */
  head(from: Promise<HttpResponse>): Promise<HttpResponse | null> {
    return new Promise((resolve, reject) => {
      this.end = () => {
        resolve(null);
        giveUp(from);
      };
      from.then(resolve, reject);
    });
  }
}

function giveUp(from: HttpResponse | Promise<HttpResponse>): void {
  // What somebody else reads is theirs.
  void Promise.resolve(from).then((response) => response.bodyUsed || response.discard(), ignore);
}
