/* Transports and sessions that lose sight of origins: what is one's own goes to another, or to the wrong place. */

import type { TransportRequest } from "@anyhttp/core";
import { type Broken, mapFields, spoilt, withRequest } from "./broken.ts";
import { invented } from "./inventions.ts";
import { reoptioned } from "./policies.ts";

const fieldsOf = ({ headers }: TransportRequest): [name: string, value: string][] => {
  const fields: [string, string][] = [];
  mapFields(headers, (pairs) => {
    fields.push(...pairs);
    return pairs;
  });
  return fields;
};

/** Requests with fields added that they lack. */
const adding =
  (missing: (request: TransportRequest) => readonly (readonly [string, string])[]) =>
  (request: TransportRequest): TransportRequest => {
    const known = new Set(fieldsOf(request).map(([name]) => name.toLowerCase()));
    const added = missing(request).filter(([name]) => !known.has(name.toLowerCase()));
    return withRequest(request, { headers: [...request.headers, ...added.flat()] });
  };

/** Another scheme in place of the one that was asked for. */
const speaking =
  (protocol: "http:" | "https:"): NonNullable<Broken["spoil"]> =>
  (correct) =>
    spoilt(correct, {
      request(request) {
        const { host, path } = request.target;
        const origin = `${protocol}//${host}`;
        const target = { ...request.target, protocol, origin, href: origin + path };
        return withRequest(request, { target });
      },
    });

const left = /field [\w-]+: expected nothing, got "/;

/** Ways to lose sight of origins. */
export const brokenOrigins: readonly Broken[] = [
  {
    name: "keeps-all-fields",
    spoil(correct) {
      const kept: [string, string][] = [];
      return spoilt(correct, {
        request(request) {
          const whole = adding(() => kept)(request);
          kept.push(...fieldsOf(request));
          return whole;
        },
      });
    },
    caught: {
      "session/redirect/origin-*-domain": left,
      "session/redirect/origin-subdomain": left,
      "session/redirect/origin-look-alike-*": left,
      "session/redirect/origin-final-dot": left,
      "session/redirect/origin-http*": left,
      "session/redirect/origin-behind-userinfo": left,
      "session/redirect/origins-of-a-chain": left,
      "session/redirect/*-leaves-credentials-behind": left,
      "session/redirect/field-*-stays": left,
      "session/redirect/fields-of-a*-stay": left,
      "session/redirect/referer-does-not-*": left,
      "session/redirect/host-field-does-not-leave-its-origin": /leaked: expected false, got true/,
      "session/redirect/forward-names-what-follows": left,
      "session/redirect/forward-of-the-session": left,
      "session/redirect/forward-of-credentials": left,
      "session/redirect/forward-does-not-bring-content-fields-back": left,
      "session/redirect/*-drops-*": /field content-language: expected nothing, got "de"/,
      "session/redirect/dropped-content-does-not-return": left,
      "session/redirect/delete-turns-into-get-without-content": left,
      "session/redirect/no-xsrf-header-is-made-of-a-cookie": left,
      "session/urls/redirect-leaves-the-base": left,
    },
  },
  {
    name: "knows-the-secrets",
    spoil: (correct) =>
      spoilt(correct, {
        request: adding(() => [
          ["authorization", "Bearer secret"],
          ["x-api-key", "secret"],
          ["referer", "http://referer.test/"],
        ]),
      }),
    caught: {
      "session/redirect/userinfo-is-ignored-elsewhere": left,
      "session/redirect/referer-is-not-made-up": left,
      "session/urls/allowed-by-*": left,
      "session/urls/back-from-another-origin": left,
    },
  },
  {
    name: "makes-headers-of-cookies",
    spoil: (correct) =>
      spoilt(correct, {
        request: adding((request) => {
          const [, cookie = ""] =
            fieldsOf(request).find(([name]) => name.toLowerCase() === "cookie") ?? [];
          const token = /XSRF-TOKEN=([^;]*)/.exec(cookie)?.[1];
          return token === undefined ? [] : [["x-xsrf-token", token]];
        }),
      }),
    caught: {
      "session/redirect/no-xsrf-header-is-made-of-a-cookie":
        /field x-xsrf-token: expected nothing, got "secret"/,
    },
  },
  {
    name: "forgets-the-path",
    spoil: (correct) =>
      spoilt(correct, {
        request: (request) =>
          withRequest(request, { target: { ...request.target, path: "/somewhere" } }),
      }),
    caught: {
      "session/redirect/params-stay": /request 1: path: expected/,
      "session/urls/stays-with-*": /request 1: target: expected/,
      "session/urls/path-with-*": /request 1: target: expected/,
      "session/urls/param-with-*": /request 1: path: expected/,
    },
  },
  {
    name: "takes-https-for-http",
    spoil: speaking("http:"),
    caught: {
      "session/pools/https-is-not-sent-over-http": /an unexpected request arrived: POST b/,
    },
  },
  {
    name: "takes-http-for-https",
    spoil: speaking("https:"),
    caught: {
      "session/pools/http-is-not-sent-over-https": /an unexpected request arrived: POST b/,
    },
  },
  {
    name: "answers-from-a-cache",
    spoil(correct) {
      const known = new Set<string>();
      return spoilt(correct, {
        send(request, transport) {
          const { href } = request.target;
          if (known.has(href)) return invented();
          known.add(href);
          return transport.send(request);
        },
      });
    },
    caught: {
      "session/pools/calls-alike-are-not-one": /for 3 requests to arrive, in vain/,
      "session/pools/responses-are-not-kept": /requests that arrived: expected 2, got 1/,
    },
  },
  {
    name: "sends-what-it-inherits",
    spoil: (correct) =>
      spoilt(correct, {
        request(request) {
          const inherited: string[] = [];
          for (const name in {}) inherited.push(name);
          return adding(() => inherited.map((_, index) => [`x-inherited-${index}`, "1"]))(request);
        },
      }),
    caught: { "session/pollution/*": /alike: expected true, got false/ },
  },
  {
    name: "forgets-the-options",
    session: reoptioned((options) => ({
      ...options,
      maxResponseSize: undefined,
      context: undefined,
    })),
    caught: {
      "session/redirect/size-limit-holds-at-the-end":
        /expected an error "ERR_CONTENT_TOO_LARGE", got status 200/,
      "session/keys/in-context": /header x-keys: expected "__proto__ constructor"/,
    },
  },
];
