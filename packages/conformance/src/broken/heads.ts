/* Transports that get the head of a response wrong. */

import { type Broken, mapFields, spoilt } from "./broken.ts";

/** Ways to get the head of a response wrong. */
export const brokenHeads: readonly Broken[] = [
  {
    name: "joins-set-cookie",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) => {
            const cookies = pairs.filter(([name]) => /^set-cookie$/i.test(name));
            const rest = pairs.filter(([name]) => !/^set-cookie$/i.test(name));
            if (cookies.length === 0) return rest;
            return [...rest, ["set-cookie", cookies.map(([, value]) => value).join(", ")]];
          }),
        }),
      }),
    caught: {
      "transport/fields/set-cookie-lines-stay-apart": /header set-cookie: expected/,
      "probe/set-cookie/*": /the capability setCookie is overstated/,
    },
  },
  {
    name: "drops-duplicates",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) => [
            ...new Map(
              pairs.map(([name, value]) => [name.toLowerCase(), [name, value] as const]),
            ).values(),
          ]),
        }),
      }),
    caught: {
      "transport/fields/response-order-case-and-duplicates": /field lines: expected/,
      "transport/fields/get-joins-and-get-all-parts": /content: expected/,
      "session/redirect/several-locations": /an unexpected request arrived: GET c/,
      "session/redirect/several-locations-relative-first": /an unexpected request arrived: GET c/,
      "session/redirect/several-relative-locations": /an unexpected request arrived: GET c/,
    },
  },
  {
    name: "sorts-fields",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs
              .map(([name, value]) => [name.toLowerCase(), value] as const)
              .toSorted(([a], [b]) => (a < b ? -1 : 1)),
          ),
        }),
      }),
    caught: {
      "transport/fields/response-order-case-and-duplicates": /field lines: expected/,
      "probe/field-lines/*": /the capability fieldLines is overstated/,
    },
  },
  {
    name: "reads-heads-as-utf-8",
    spoil: (correct) =>
      spoilt(correct, {
        response: (response) => ({
          ...response,
          headers: mapFields(response.headers, (pairs) =>
            pairs.map(([name, value]) => {
              const octets = Uint8Array.from(value, (octet) => octet.charCodeAt(0));
              return [name, new TextDecoder().decode(octets)] as const;
            }),
          ),
        }),
      }),
    caught: {
      "transport/fields/response-obs-text-is-latin-1": /header x-/,
      "transport/content/read-disposition": /call 4: content: expected/,
    },
  },
  {
    name: "hides-the-reason",
    spoil: (correct) =>
      spoilt(correct, { response: (response) => ({ ...response, statusText: "" }) }),
    caught: {
      "transport/fields/reason-phrase": /statusText: expected "Very Fine, Thanks", got ""/,
    },
  },
  {
    name: "hangs-on-204",
    spoil: (correct) =>
      spoilt(correct, {
        async send(request, transport) {
          const response = await transport.send(request);
          return response.status === 204 ? new Promise(() => undefined) : response;
        },
      }),
    caught: {
      "transport/framing/204*": /has not settled/,
    },
  },
  {
    name: "rejects-because-of-status",
    spoil: (correct) =>
      spoilt(correct, {
        response(response) {
          if (response.status < 300) return response;
          response.body.cancel();
          throw new Error(`Request failed with status code ${response.status}`);
        },
      }),
    caught: {
      "session/compress/error-response": /expected a response, got ERR_TRANSPORT/,
      "session/redirect/303-post-turns-into-get":
        /contract: send rejected with Error: Request failed/,
    },
  },
];
