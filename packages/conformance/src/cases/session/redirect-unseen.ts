/* What holds of a redirect that the platform follows by itself: all but what is told of it afterwards. */

import { type Expectation, expects, type Otherwise } from "../../case.ts";

/** The same expectation without `url`, `redirected` and `history`, which core cannot know then. */
export function followedUnseen(expect: Expectation): Otherwise {
  const { url: _url, redirected: _redirected, history: _history, ...seen } = expect;
  return expects(seen);
}
