/* Server-sent events (HTML §9.2): what lines mean, and connections made anew where the caller wants that. */

import { isHttpError, unparsable } from "../errors.ts";
import { isPassing } from "../http-error.ts";
import { count, lay, milliseconds, type Rules } from "../options/rules.ts";
import { quoted } from "../redact.ts";
import type { HttpResponse } from "../response.ts";
import { Exit } from "./exit.ts";
import {
  lineDefaults,
  lineItems,
  type LineOptions,
  lineRules,
  type LineSettings,
  type LineTaker,
} from "./line-items.ts";
import type { Resumption } from "./resumption.ts";
import { tooLong } from "./text.ts";

/** One event, named as in `MessageEvent`. */
export interface ServerSentEvent {
  /** `"message"` unless the server says otherwise. */
  readonly type: string;
  /** The lines of its data, joined by LF. */
  readonly data: string;
  /** The last id that the server has given, with this event or before; `""` for none. */
  readonly lastEventId: string;
}

/** When events are asked for again. */
export interface ReconnectOptions {
  /** How long to wait before, in ms, until the server says otherwise (`retry`). Default: 3000. */
  readonly delay?: number | undefined;
  /** The wait doubles with each time in a row that brings no event, but not beyond this, in ms. Default: 60 000. */
  readonly maxDelay?: number | undefined;
  /** How many times in a row may bring no event; then the loop ends as the last one did. Default: any number. */
  readonly attempts?: number | false | undefined;
}

/** How the events of a response are read; `maxLength` holds for each line, and for all data of one event. */
export type EventOptions = LineOptions;

/** How the events of a call are read. */
export interface EventSourceOptions extends EventOptions {
  /**
   * Asks again, with `last-event-id`, when the connection ends or is lost; a 204 ends the loop, and what is no event
   * stream fails it. Default: `false`.
   */
  readonly reconnect?: boolean | ReconnectOptions | undefined;
}

type Reconnecting = { readonly [K in keyof ReconnectOptions]-?: number };

const reconnectRules: Rules<Reconnecting> = {
  delay: milliseconds,
  maxDelay: milliseconds,
  attempts: count(1),
};
const reconnectDefaults: Reconnecting = { delay: 3000, maxDelay: 60_000, attempts: Infinity };

interface EventSettings extends LineSettings {
  readonly reconnect: Reconnecting | null;
}

const eventRules: Rules<EventSettings> = {
  ...lineRules,
  reconnect(value, _base, option) {
    if (value === false) return null;
    return lay(reconnectRules, reconnectDefaults, value === true ? {} : value, `${option}.`);
  },
};
const ofResponses: Partial<Rules<EventSettings>> = lineRules;
const eventDefaults: EventSettings = { ...lineDefaults, reconnect: null };

/** What the lines of a stream come to. One for all connections, as the id and the time outlive each of them. */
class EventParser {
  lastEventId: string;
  /** How long the server wants it to be waited, in ms. */
  retry: number | null = null;
  #limit = 0;
  #id: string;
  #type = "";
  #data: string[] = [];
  #length = 0;

  constructor(lastEventId: string) {
    this.lastEventId = this.#id = lastEventId;
  }

  /** Forgets an event that was not finished. @param limit Most characters of an event. */
  begin(limit: number): void {
    this.#limit = limit;
    this.#id = this.lastEventId;
    this.#type = "";
    this.#data = [];
    this.#length = -1;
  }

  /** @returns the event that the line ends. */
  take(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#dispatch();
    const [, name = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "data") {
      this.#data.push(value);
      if ((this.#length += value.length + 1) > this.#limit) throw tooLong("an event", this.#limit);
    } else if (name === "event") this.#type = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const lastEventId = (this.lastEventId = this.#id);
    const data = this.#data;
    const type = this.#type || "message";
    this.begin(this.#limit);
    return data.length > 0 ? { type, data: data.join("\n"), lastEventId } : undefined;
  }
}

/** The events of a response, and of those that follow it if they are asked for again. */
export function events(
  first: HttpResponse | Promise<HttpResponse>,
  options?: EventSourceOptions,
  source: Resumption | null = null,
): AsyncGenerator<ServerSentEvent, void> {
  const exit = new Exit(first);
  return exit.of(eventItems(first, options, source, exit));
}

async function* eventItems(
  first: HttpResponse | Promise<HttpResponse>,
  options: EventSourceOptions = {},
  source: Resumption | null,
  exit: Exit,
): AsyncGenerator<ServerSentEvent, void> {
  const parser = new EventParser(source?.lastEventId ?? "");
  // Asked for where a failure finds the response that it is about.
  const settings = (): EventSettings => {
    const laid = lay(source ? eventRules : ofResponses, eventDefaults, options);
    if (laid.reconnect) source?.check();
    return laid;
  };
  const taker: LineTaker<ServerSentEvent> = {
    endsOnly: true,
    check(response) {
      checkEventStream(response);
      parser.begin(settings().maxLength);
    },
    take: (line) => parser.take(line),
  };
  let current = first;
  for (let failures = 0; ;) {
    let failure: Error | null = null;
    try {
      // oxlint-disable-next-line anyhttp/no-for-await -- leaving this one has to end it
      for await (const event of lineItems(current, settings, taker, exit)) {
        failures = 0;
        yield event;
      }
      // "No content": the server's word for not coming again.
      if (exit.left || (await current).status === 204) return;
    } catch (error) {
      if (!isHttpError(error) || !isPassing(error.code)) throw error;
      failure = error;
    }
    const { reconnect } = settings();
    if (!source || !reconnect || failures >= reconnect.attempts) {
      if (failure) throw failure;
      return;
    }
    const wait = parser.retry ?? reconnect.delay;
    const longer = Math.min(reconnect.maxDelay, (wait || 1) * 2 ** failures++);
    await source.pause(Math.max(wait, longer), exit);
    if (exit.left) return;
    current = source.ask(parser.lastEventId);
  }
}

function checkEventStream({ status, contentType }: HttpResponse): void {
  if (status === 204 || (status === 200 && /^text\/event-stream[\t ]*(?:;|$)/i.test(contentType)))
    return;
  const what = `a response of status ${status} and type ${quoted(contentType)} is no event stream`;
  throw unparsable(
    "EVENTS",
    what,
    "Check what the server sends, and ask it for text/event-stream with the header accept.",
  );
}
