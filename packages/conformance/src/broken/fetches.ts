/* Fetches that break a promise of `toFetch`: each is a correct one with one thing spoilt. */

import { isHttpError, type Session, toFetch } from "@anyhttp/core";
import type { Broken } from "./broken.ts";

type Fetch = (input: string | Request, init: RequestInit) => Promise<Response>;

/** A `toFetch` whose fetches differ from a correct one in this. */
function fetchThat(
  differs: (correct: Fetch, session: Session) => Fetch,
): NonNullable<Broken["fetch"]> {
  return (session) => {
    const correct = toFetch(session);
    const wrong = differs((input, init) => correct(input, init), session);
    return (input, init = {}) => wrong(input instanceof URL ? String(input) : input, init);
  };
}

/** Changes what a fetch, or the content of its response, fails with. */
function failing(change: (error: unknown) => unknown): NonNullable<Broken["fetch"]> {
  const changed = (error: unknown): never => {
    throw change(error);
  };
  return fetchThat((correct) => async (input, init) => {
    const response = await correct(input, init).catch(changed);
    const { body } = response;
    if (!body) return response;
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await reader.read().catch(changed);
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(stream, { status, statusText, headers });
  });
}

/** The same words from several cases; their names with spaces between. */
const among = (names: string, words: RegExp): Broken["caught"] =>
  Object.fromEntries(names.split(" ").map((name) => [`session/fetch/${name}`, words]));

const refusal = /expected an error/;
const content = /request [12]: (content|framing|method|field)|requests that arrived/;

/** Ways to break fetches. */
export const brokenFetches: readonly Broken[] = [
  {
    name: "fetch-wraps-reasons",
    fetch: failing((error) => (error instanceof TypeError ? error : new TypeError(String(error)))),
    caught: { "session/fetch/signal-*": /error\.cause: expected "the case's own reason"/ },
  },
  {
    name: "fetch-lets-errors-of-the-session-out",
    fetch: failing((error) =>
      isHttpError((error as Error).cause) ? (error as Error).cause : error,
    ),
    caught: {
      ...among(
        "nobody-there no-http content-that-is-cut timeouts-of-the-session",
        /expected an HttpError, got/,
      ),
      "session/fetch/redirects-have-the-limit-of-the-session": /expected an HttpError, got/,
      "session/fetch/redirect-error": /expected an HttpError, got/,
      "session/fetch/other-origins-are-refused": /expected an HttpError, got/,
      "session/fetch/one-shot-content-is-not-replayed": /expected an HttpError, got/,
    },
  },
  {
    name: "fetch-rejects-on-status",
    fetch: fetchThat((correct) => async (input, init) => {
      const response = await correct(input, init);
      if (response.status >= 400) throw new TypeError(`status ${response.status}`);
      return response;
    }),
    caught: {
      "session/fetch/any-status-resolves": /expected a response, got TypeError/,
      "session/fetch/an-odd-status-is-told": /expected a response, got TypeError/,
    },
  },
  {
    name: "fetch-forgets-init",
    fetch: fetchThat((correct) => (input) => correct(input, {})),
    caught: {
      "session/fetch/refuses-*": refusal,
      ...among(
        "sends-text sends-bytes sends-a-buffer sends-a-blob sends-parameters sends-a-form",
        content,
      ),
      "session/fetch/streams-its-content": content,
      "session/fetch/normalises-methods": content,
      ...among("lays-its-headers-over drops-fields-of-the-connection", content),
      "session/fetch/asks-caches-on-the-way": content,
      ...among("redirect-manual redirect-error", /status|expected/),
      "session/fetch/credentials-omit": /field authorization: expected nothing, got "Bearer/,
      "session/fetch/head-has-no-body": /content: expected null/,
      "session/fetch/follows-with-content": content,
      "session/fetch/retries-of-the-session": content,
    },
  },
  {
    name: "fetch-knows-no-request",
    fetch: fetchThat(
      (correct) => (input, init) => correct(typeof input === "string" ? input : input.url, init),
    ),
    caught: {
      "session/fetch/sends-*-of-a-request": content,
      "session/fetch/streams-the-content-of-a-request": content,
      "session/fetch/follows-with-a-request": content,
      "session/fetch/signal-of-a-request": /has not settled|expected/,
    },
  },
  {
    name: "fetch-makes-responses-of-its-own",
    fetch: fetchThat((correct) => async (input, init) => {
      const response = await correct(input, init);
      const bytes = await response.arrayBuffer();
      const status = Math.min(response.status, 599);
      const bare = [101, 103, 204, 205, 304].includes(status);
      return new Response(bare ? null : bytes, { status });
    }),
    caught: {
      "session/fetch/any-status-resolves": /url: expected/,
      "session/fetch/an-odd-status-is-told": /status: expected 799, got 599/,
      "session/fetch/follows-with-*": /url: expected "\{main\}b", got ""/,
      "session/fetch/set-cookie-lines-stay-apart": /content: expected/,
      "session/fetch/reads-a-form": /got TypeError/,
      "session/fetch/head-has-no-body": /content|header/,
      "session/fetch/cancelled-content-closes-its-connection": /has not settled|in vain/,
      ...among("signal-while-content-* signal-before-content-*", /has not settled|in vain|status/),
    },
  },
  {
    name: "fetch-cuts-content",
    fetch: fetchThat((correct) => async (input, init) => {
      const { body, status } = await correct(input, init);
      const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
      const first = await reader?.read();
      await reader?.cancel();
      return new Response(
        first?.value?.slice(1) ?? "no body",
        status === 200 ? {} : { status: 203 },
      );
    }),
    caught: {
      ...among("reads-json reads-a-form", /expected/),
      ...among("streams-what-comes clones memory-is-not-shared", /content: expected/),
      "session/fetch/status-*-has-no-body": /status: expected (204|205|304), got 203/,
      ...among("goes-with-other-calls coded-content-is-decoded", /content: expected/),
    },
  },
];
