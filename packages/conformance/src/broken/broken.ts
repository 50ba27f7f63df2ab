/*
 * Deliberately broken transports: each is a correct one with one thing spoilt. They test the suite: every case must be
 * failed by at least one of them, with the message that its list of `caught` says.
 */

import type {
  Capabilities,
  ContentReceiver,
  FieldLines,
  Session,
  Transport,
  TransportRequest,
  TransportResponse,
} from "@anyhttp/core";
import type { TransportOptions } from "../run/subject.ts";

/** One way to be wrong. */
export interface Broken {
  /** What it does wrong, in kebab-case. */
  readonly name: string;
  /** Spoils a correct transport. */
  readonly spoil?: (correct: Transport) => Transport;
  /** Spoils the options of a transport, before it is made. */
  readonly options?: (options: TransportOptions) => TransportOptions;
  /** Spoils sessions instead, for cases in which a transport has no part because nothing is sent. */
  readonly session?: (make: () => Session) => Session;
  /** Spoils `toFetch`. */
  readonly fetch?: (session: Session) => typeof fetch;
  /**
   * Which cases must fail because of it, by id or glob, and what one of their failures must say. Not for invariants
   * that every case has, or a list would prove nothing about its cases.
   */
  readonly caught: Readonly<Record<string, RegExp>>;
  /** Of those that break nearly everything: what cases say that no list of `caught` names. The last net. */
  readonly otherwise?: RegExp;
}

/** What a spoilt transport does differently. */
export interface Spoilt {
  readonly capabilities?: Partial<Capabilities>;
  /** Changes a request before it is sent. */
  readonly request?: (request: TransportRequest) => TransportRequest;
  /** Changes a response before it is handed over. */
  readonly response?: (response: TransportResponse, request: TransportRequest) => TransportResponse;
  /** Takes the place of `send`. */
  readonly send?: (request: TransportRequest, correct: Transport) => Promise<TransportResponse>;
  readonly close?: (correct: Transport) => Promise<void>;
}

/** A transport that differs from a correct one in this. */
export function spoilt(correct: Transport, how: Spoilt): Transport {
  const { capabilities, request: change = (same) => same, response: alter = (same) => same } = how;
  const {
    send = (request, transport) => transport.send(request),
    close = (transport) => transport.close(),
  } = how;
  return {
    name: correct.name,
    capabilities: { ...correct.capabilities, ...capabilities },
    decoders: correct.decoders,
    encoders: correct.encoders,
    send: (request) => send(change(request), correct).then((response) => alter(response, request)),
    idle: () => correct.idle(),
    close: () => close(correct),
  };
}

/** A request with some of its members changed; those of core are getters of a class, so a spread would lose them. */
export function withRequest(
  request: TransportRequest,
  changes: Partial<TransportRequest>,
): TransportRequest {
  const { method, target, headers, body, expectContinue, signal, trace } = request;
  return { method, target, headers, body, expectContinue, signal, trace, ...changes };
}

/** A response whose content is told through another receiver. */
export function withReceiver(
  response: TransportResponse,
  wrap: (receiver: ContentReceiver) => Partial<ContentReceiver>,
): TransportResponse {
  const { body } = response;
  return {
    ...response,
    body: {
      start(receiver) {
        const straight: ContentReceiver = {
          data: (piece) => receiver.data(piece),
          end: (trailers) => receiver.end(trailers),
          fail: (error) => receiver.fail(error),
        };
        body.start({ ...straight, ...wrap(receiver) });
      },
      pause: () => body.pause(),
      resume: () => body.resume(),
      cancel: () => body.cancel(),
    },
  };
}

/** Field lines as pairs, changed. */
export function mapFields(
  lines: FieldLines,
  map: (
    pairs: [name: string, value: string][],
  ) => readonly (readonly [name: string, value: string])[],
): FieldLines {
  const pairs: [string, string][] = [];
  for (let i = 0; i < lines.length; i += 2) pairs.push([lines[i] ?? "", lines[i + 1] ?? ""]);
  return map(pairs).flat();
}
