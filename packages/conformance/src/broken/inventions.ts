/* Transports and sessions that make up what did not happen. Their nets are wide; narrower ones are better. */

import {
  Inlet,
  isHttpError,
  Session,
  type Transport,
  type TransportResponse,
  webDecoders,
} from "@anyhttp/core";
import { fullCapabilities } from "@anyhttp/core";
import { type Broken, spoilt } from "./broken.ts";

/** A response that nobody has sent. */
export function invented(): Promise<TransportResponse> {
  const nothing = (): void => undefined;
  const body = new Inlet({ pause: nothing, resume: nothing, cancel: nothing });
  body.end([]);
  return Promise.resolve({ status: 200, statusText: "OK", headers: [], httpVersion: "1.1", body });
}

const inventing: Transport = {
  name: "inventing",
  capabilities: fullCapabilities,
  decoders: webDecoders(),
  encoders: {},
  send: invented,
  idle: () => null,
  close: () => Promise.resolve(),
};

const methods = new Set<string | symbol>([
  "request",
  "get",
  "head",
  "options",
  "post",
  "put",
  "patch",
  "delete",
]);
const refusals = new Set([
  "InvalidRequestError",
  "UnsupportedError",
  "SessionClosedError",
  "QueueFullError",
]);

/** Answers in place of a refusal. */
async function accept(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!isHttpError(error) || !refusals.has(error.name)) throw error;
    return new Session({ transport: inventing }).get("http://invented.test/");
  }
}

function acceptAnything(make: () => Session): Session {
  let session: Session;
  try {
    session = make();
  } catch {
    session = new Session({ transport: inventing, baseUrl: "http://invented.test/" });
  }
  return new Proxy(session, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...args: unknown[]) => unknown;
      return methods.has(name)
        ? (...args: unknown[]) => accept(bound(...args) as Promise<unknown>)
        : bound;
    },
  });
}

/** Ways to make things up. */
export const inventions: readonly Broken[] = [
  {
    name: "invents-responses",
    spoil: (correct) => spoilt(correct, { send: invented }),
    caught: {
      "session/abort/while-waiting-for-the-head": /requests that arrived: expected 2, got 0/,
      "session/timeout/response-fires-on-time":
        /expected an error "ERR_TIMEOUT_RESPONSE", got status 200/,
    },
    otherwise: /expected|in vain/,
  },
  {
    name: "accepts-anything",
    session: acceptAnything,
    caught: {
      "transport/target/malformed-urls-are-refused":
        /expected an error "ERR_INVALID_URL", got status 200/,
      "session/urls/leaves-by-*": /expected an error "ERR_INVALID_URL", got status 200/,
      "session/urls/scheme-*": /call 1: expected an error "ERR_INVALID_URL", got status 200/,
      "session/urls/unix-socket-in-a-url":
        /call 1: expected an error "ERR_INVALID_URL", got status 200/,
      "session/keys/in-*-options": /call 1: expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/keys/in-*-defaults": /codes: expected .*, got \["none","none"\]/,
      "session/keys/in-nested-values":
        /call 1: expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/redirect/forward-of-host-is-refused":
        /call 1: expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/options/wrong-*": /call 1: expected an error "ERR_INVALID_\w+", got status 200/,
      "session/multipart/refuses-*": /call 1: expected an error "ERR_INVALID_\w+", got status 200/,
      "session/form/form-of-*": /expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/form/params-of-*": /expected an error "ERR_INVALID_\w+", got status 200/,
      "transport/content/type-of-*-holds-no-field":
        /call 1: expected an error "ERR_INVALID_HEADER", got status 200/,
      "transport/content/entries-of-*":
        /call 1: expected an error "ERR_INVALID_\w+", got status 200/,
      "transport/content/things-like-*":
        /call 1: expected an error "ERR_INVALID_\w+", got status 200/,
      "transport/upload-sources/*-stream-is-refused":
        /expected an error "ERR_INVALID_CONTENT", got status 200/,
      "transport/upload-sources/sync-iterables-are-refused":
        /call 1: expected an error "ERR_INVALID_CONTENT", got status 200/,
      "session/options/session-wrong-*": /refused: expected .*, got .*no error/,
      "session/options/no-base-url": /expected an error "ERR_INVALID_URL", got status 200/,
      "session/options/other-origins-are-refused":
        /expected an error "ERR_INVALID_URL", got status 200/,
      "session/timeout/refused-*": /call 1: expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/abort/not-a-signal": /expected an error "ERR_INVALID_OPTION", got status 200/,
      "session/closing/no-call-*": /expected an error "ERR_SESSION_CLOSED", got status 200/,
      "session/rate-limit/queue-is-bounded": /expected an error "ERR_QUEUE_FULL", got status 200/,
      "session/limits/queue-*": /expected an error "ERR_QUEUE_FULL", got status 200/,
      "session/middleware/*-refused": /expected an error "ERR_INVALID_HEADER", got status 200/,
      "session/errors/no-secrets-of-a-wrong-url":
        /expected an error "ERR_INVALID_URL", got status 200/,
    },
    otherwise: /expected/,
  },
];
