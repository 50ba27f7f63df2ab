/* What the function of a case works with, and what performs cases that are data. */

import type { Session, Transport } from "@anyhttp/core";
import type { Fetching } from "../case/fetching.ts";
import type {
  Call,
  CallOptions,
  Exchange,
  Kit,
  Observation,
  OriginKit,
  Perform,
  Together,
} from "../case/perform.ts";
import type { Milestone, OriginRun } from "./origin-client.ts";
import { observeCall, type ObserveHooks } from "./observe.ts";
import { observeExchange } from "./exchange.ts";
import { observeFetch } from "./fetched.ts";
import { fill, fillAll } from "./placeholders.ts";
import { inTime, late } from "./in-time.ts";

/** What `check`, `within` and the waits of a case throw: the subject's fault, not the case's. */
export class CaseFailure extends Error {
  override readonly name: string = "CaseFailure";
}

/** What a kit is made of. */
export interface KitInit {
  readonly run: OriginRun;
  readonly transport: Transport;
  readonly session: Session;
  /** Makes one more transport of the subject. */
  readonly createTransport: () => Transport;
  readonly openSession: (options: object) => Session;
  /** `toFetch`, or what stands in for it. */
  readonly makeFetch: (session: Session) => typeof fetch;
  /** Told when a call begins; the function it returns, when it has settled. For the message of a case that hangs. */
  readonly pending: (what: string) => () => void;
  /** Told each observation; what it returns is waited for. */
  readonly observed: (one: Observation) => Promise<never> | void;
  /** How long the origin may take to see something, in milliseconds. */
  readonly patience: number;
}

/** The kit of one case. */
export class CaseKit implements Kit {
  readonly session: Session;
  readonly transport: Transport;
  readonly capabilities: Transport["capabilities"];
  readonly urls: Readonly<Record<string, string>>;
  readonly origin: OriginKit;
  readonly facts: Record<string, unknown> = {};
  readonly sessions: Session[] = [];
  readonly #init: KitInit;

  constructor(init: KitInit) {
    this.#init = init;
    this.session = init.session;
    this.transport = init.transport;
    this.capabilities = init.transport.capabilities;
    this.urls = init.run.urls;
    this.origin = {
      arrived: (count = 1) => this.#await("arrived", count, "requests to arrive"),
      completed: (count = 1) => this.#await("completed", count, "requests to arrive whole"),
      connected: (count = 1) => this.#await("connected", count, "connections"),
      closedByClient: (count = 1) =>
        this.#await("closed-by-client", count, "connections to be closed by the client"),
      open: (gate) => init.run.open(gate),
      ledger: () => init.run.ledger(),
    };
  }

  /** Performs what a case says. */
  async perform(perform: Perform): Promise<readonly Observation[]> {
    if (typeof perform === "function") {
      const seen = await perform(this);
      return seen === undefined
        ? []
        : Array.isArray(seen)
          ? (seen as readonly Observation[])
          : [seen as Observation];
    }
    const all: Observation[] = [];
    for (const step of [perform].flat() as readonly (Call | Exchange | Fetching | Together)[]) {
      if (step.kind === "together")
        all.push(...(await Promise.all(step.calls.map((call) => this.call(call)))));
      else all.push(await this.call(step));
    }
    return all;
  }

  call(call: Call | Exchange | Fetching): Promise<Observation> {
    return this.#settling(call.method, call.url, () => {
      const url = fill(call.url, this.urls);
      if (call.kind === "exchange") {
        const headers = fillAll(call.headers, this.urls) as Exchange["headers"];
        return observeExchange(this.transport, { ...call, url, headers }, this.urls["main"] ?? "");
      }
      const given = call.kind === "fetch" ? call.init : call.options;
      const options = fillAll(typeof given === "function" ? given() : given, this.urls);
      return this.#abortable({ ...call, url }, options as CallOptions);
    });
  }

  observe(
    start: () => ReturnType<Session["request"]>,
    reader: Call["read"] = "text",
  ): Promise<Observation> {
    return this.#settling("a call", "", () => observeCall("", start, reader));
  }

  makeSession(options: CallOptions = {}): Session {
    const filled = fillAll(options, this.urls) as CallOptions;
    const transport = filled["transport"] === undefined ? this.#init.createTransport() : undefined;
    const init = { baseUrl: this.urls["main"], ...(transport ? { transport } : {}), ...filled };
    const session = this.#init.openSession(init);
    this.sessions.push(session);
    return session;
  }

  async within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
    const first = await inTime(ms, promise);
    if (first === late) throw new CaseFailure(`waited ${ms} ms for ${what}, in vain`);
    return first;
  }

  async neverWithin(ms: number, promise: Promise<unknown>, what: string): Promise<void> {
    const settled = promise.then(
      () => true,
      () => true,
    );
    if ((await inTime(ms, settled)) !== late) throw new CaseFailure(`did not expect ${what}`);
  }

  check(condition: boolean, what: string): void {
    if (!condition) throw new CaseFailure(`expected ${what}`);
  }

  note(name: string, value: unknown): void {
    this.facts[name] = value;
  }

  async #settling(
    method: string,
    url: string,
    start: () => Promise<Observation>,
  ): Promise<Observation> {
    const settled = this.#init.pending(`${method} ${url}`.trim());
    try {
      const one = await start();
      await this.#init.observed(one);
      return one;
    } finally {
      settled();
    }
  }

  #start(call: Call | Fetching, options: CallOptions, hooks: ObserveHooks): Promise<Observation> {
    const { method, url } = call;
    if (call.kind === "call")
      return observeCall(
        method,
        () => this.session.request(method, url, options),
        call.read,
        hooks,
      );
    const fetch = this.#init.makeFetch(this.session);
    const start = (): Promise<Response> =>
      call.asRequest
        ? fetch(new Request(new URL(url, this.urls["main"]), options))
        : fetch(url, options);
    return observeFetch(method, start, call.read, hooks);
  }

  #abortable(call: Call | Fetching, plain: CallOptions): Promise<Observation> {
    if (!call.abort) return this.#start(call, plain, {});
    const { when, reason } = call.abort;
    const controller = new AbortController();
    const abort = (): void => controller.abort(reason);
    const options: CallOptions = { ...plain, signal: controller.signal };
    let hooks: ObserveHooks = {};
    if (when === "before") abort();
    if (when === "head") hooks = { onHead: abort };
    if (when === "piece") hooks = { onPiece: abort };
    if (when === "arrived" || when === "connected") {
      // The caller's fault if the instant never comes, unless the call has failed before.
      void this.#init.run.wait(when, 1, this.#init.patience).then(abort, () => undefined);
    }
    const seen = this.#start(call, options, hooks);
    if (when === "called") abort();
    return seen;
  }

  async #await(milestone: Milestone, count: number, what: string): Promise<void> {
    const { run, patience } = this.#init;
    if (await run.wait(milestone, count, patience)) return;
    throw new CaseFailure(`the origin waited ${patience} ms for ${count} ${what}, in vain`);
  }
}
