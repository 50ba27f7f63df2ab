/* A transport that hides where a redirect leads, so that none can be followed or refused. */

import { type Broken, mapFields, spoilt } from "./broken.ts";

/** Ways to break redirects. */
export const brokenRedirects: readonly Broken[] = [
  {
    name: "hides-locations",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.filter(([name]) => !/^location$/i.test(name)),
          ),
        }),
      }),
    caught: {
      "session/redirect/*-stays": /status: expected 200, got 30\d/,
      "session/redirect/*-turns-into-get": /status: expected 200, got 30\d/,
      "session/redirect/location-*": /status: expected 200, got 302/,
      "session/redirect/refused-*":
        /expected an error "ERR_REDIRECT_(?:LOCATION|REFUSED)", got status 302/,
      "session/redirect/*-is-no-redirect": /header location: expected "b", got nothing/,
      "session/redirect/content-*": /requests that arrived: expected 2, got 1/,
      "session/redirect/*-stays-within-its-origin": /requests that arrived: expected 2, got 1/,
      "session/redirect/custom-fields-stay-within-their-origin":
        /requests that arrived: expected 2, got 1/,
      "session/redirect/safe-fields-go-along": /requests that arrived: expected 2, got 1/,
      "session/redirect/same-origin-keeps-fields": /requests that arrived: expected 2, got 1/,
      "session/redirect/other-host-is-another-origin": /requests that arrived: expected 2, got 1/,
      "session/redirect/dropped-fields-do-not-return": /url: expected "\{main\}c", got "\{main\}a"/,
      "session/redirect/one-shot-*-is-not-replayed":
        /expected an error "ERR_REDIRECT_REPLAY", got status 308/,
      "session/redirect/one-shot-content-may-be-dropped": /status: expected 200, got 303/,
      "session/redirect/a-function-makes-its-content-anew":
        /requests that arrived: expected 2, got 1/,
      "session/redirect/multipart-keeps-its-boundary": /same: expected true, got false/,
      "session/redirect/an-error-status-at-its-end":
        /expected an error "ERR_STATUS", got status 301/,
      "session/redirect/its-own-content-is-discarded":
        /content: expected "done", got "<p>Moved<\/p>"/,
      "session/redirect/max-zero": /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/redirect/one-more-than-max":
        /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/redirect/loop-ends-after-ten":
        /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/redirect/max-is-the-number-followed": /url: expected "\{main\}c", got "\{main\}a"/,
      "session/redirect/false-*": /header location: expected "b", got nothing/,
      "session/redirect/follow-*": /redirected: expected true, got false/,
      "session/redirect/history-is-kept": /history: expected/,
      "session/redirect/history-has-the-fields": /location: expected "b", got nothing/,
      "session/redirect/http*-to-http*":
        /status: expected 200, got 30\d|expected an error "ERR_REDIRECT_REFUSED", got status 302/,
      "session/redirect/userinfo-is-ignored": /url: expected "\{main\}b", got "\{main\}a"/,
      "session/redirect/userinfo-is-not-told":
        /expected an error "ERR_REDIRECT_REFUSED", got status 302/,
      "session/redirect/max-of-the-*": /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/redirect/limit-across-origins":
        /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/redirect/origin-with-an-ipv6-zone":
        /expected an error "ERR_REDIRECT_LOCATION", got status 302/,
      "session/redirect/several-locations-in-one-line":
        /expected an error "ERR_REDIRECT_LOCATION", got status 302/,
      "session/redirect/the-same-location-twice": /url: expected "\{main\}b", got "\{main\}a"/,
      "session/redirect/commas-within-a-location": /url: expected/,
      "session/redirect/fragment-of-the-request": /url: expected/,
      "session/redirect/unix-is-a-host-like-any-other":
        /expected an error "ERR_DNS_NOT_FOUND", got status 302/,
      "session/redirect/tokens-are-not-told":
        /expected an error "ERR_REDIRECT_REFUSED", got status 307/,
      "session/redirect/secret-content-does-not-go-down":
        /expected an error "ERR_REDIRECT_REFUSED", got status 307/,
      "session/redirect/*-of-one-shot-content-elsewhere":
        /expected an error "ERR_REDIRECT_REPLAY", got status 30[78]/,
      "session/redirect/codings-are-undone-at-the-end":
        /error\.code|expected an error|url: expected/,
      "session/redirect/size-limit-is-not-of-the-redirects": /ERR_CONTENT_TOO_LARGE/,
      "session/redirect/middleware-sees-the-end": /header x-seen: expected/,
      "session/extend/redirect": /expected an error "ERR_REDIRECT_LIMIT", got status 302/,
      "session/limits/a-redirect-takes-one-slot": /content: expected "ok", got "moved"/,
      "session/timeout/total-covers-redirects":
        /expected an error "ERR_TIMEOUT_TOTAL", got status 302/,
    },
  },
];
