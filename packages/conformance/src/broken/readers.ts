/* Transports and sessions that break what readers promise: digests, types, text. */

import type { RequestOptions } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withReceiver } from "./broken.ts";
import { reoptioned } from "./policies.ts";

const without = (name: keyof RequestOptions, options: RequestOptions): RequestOptions =>
  Object.fromEntries(Object.entries(options).filter(([key]) => key !== name));

/** Ways to break what readers promise. */
export const brokenReaders: readonly Broken[] = [
  {
    name: "ignores-integrity",
    session: reoptioned((options) => without("integrity", options)),
    caught: {
      "session/integrity/mismatch-*": /call 1: expected an error "ERR_CONTENT_INTEGRITY", got/,
      "session/integrity/tampered": /call 1: expected an error "ERR_CONTENT_INTEGRITY", got/,
      "session/integrity/of-nothing": /call 3: expected an error "ERR_CONTENT_INTEGRITY", got/,
      "session/integrity/weaker-does-not-help":
        /expected an error "ERR_CONTENT_INTEGRITY", got status 200/,
      "session/integrity/unknown-beside-known":
        /expected an error "ERR_CONTENT_INTEGRITY", got status 200/,
      "session/integrity/behind-a-redirect":
        /call 2: expected an error "ERR_CONTENT_INTEGRITY", got/,
      "session/integrity/is-not-tried-again":
        /expected an error "ERR_CONTENT_INTEGRITY", got status 200/,
      "session/integrity/refused": /error\.code: expected "ERR_INVALID_OPTION", got "ERR_STATUS"/,
    },
  },
  {
    name: "calls-everything-events",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          status: response.status < 300 ? 200 : response.status,
          headers: [
            ...mapFields(response.headers, (pairs) =>
              pairs.filter(([name]) => !/^content-type$/i.test(name)),
            ),
            "content-type",
            "text/event-stream",
          ],
        }),
      }),
    caught: {
      "session/events/not-of-*": /call 1: expected an error "ParseError", got status 200|call 1: /,
    },
  },
  {
    name: "reads-text-as-latin-1",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) =>
          withReceiver(response, (receiver) => ({
            data: (piece) =>
              receiver.data(new TextEncoder().encode(new TextDecoder("latin1").decode(piece))),
          })),
      }),
    caught: {
      "session/events/fields": /content: expected/,
      "session/reading/marked-read-as-json": /call 1: /,
      "session/reading/invalid-read-as-text": /call 1: content: expected/,
      "session/reading/invalid-read-as-lines": /call 1: content: expected/,
      "session/reading/of-another-charset-read-as-text": /call 1: content: expected/,
    },
  },
];
