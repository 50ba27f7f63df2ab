/* The transports that generated tests compare, each in one session, and what becomes of a call. */

import {
  type Capabilities,
  errorCodes,
  type HttpResponse,
  isHttpError,
  Session,
  type SessionOptions,
  type Transport,
} from "@anyhttp/core";
import { axiosTransport } from "@anyhttp/transport-axios";
import { fetchTransport } from "@anyhttp/transport-fetch";
import { nodeFetchTransport } from "@anyhttp/transport-node-fetch";
import { undiciTransport } from "@anyhttp/transport-undici";
import { expect } from "vitest";
import { outsiderTransport } from "../../outsider/transport.ts";

/** A session, and what its transport can. */
export interface Client {
  readonly name: string;
  readonly session: Session;
  readonly capabilities: Capabilities;
}

const factories: readonly (() => Transport)[] = [
  undiciTransport,
  axiosTransport,
  nodeFetchTransport,
  fetchTransport,
  outsiderTransport,
];

/** A session on each transport. A status is no error in it, and nothing lasts for ever. */
export function makeClients(options: Omit<SessionOptions, "transport"> = {}): Client[] {
  return factories.map((make) => {
    const transport = make();
    const { name, capabilities } = transport;
    const bounded = { throwHttpErrors: false, timeout: { total: 10_000 } };
    return { name, capabilities, session: new Session({ ...bounded, ...options, transport }) };
  });
}

/** What a call came to: what was read of its response, or an error. */
export type Outcome<T> =
  | { readonly got: T }
  | { readonly error: string; readonly code: string; readonly cause: unknown };

/** Settles a call. Whatever it rejects with must be an error of the tree, with a code of the table. */
export async function outcomeOf<T>(
  calling: Promise<HttpResponse>,
  read: (response: HttpResponse) => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { got: await read(await calling) };
  } catch (error) {
    if (!isHttpError(error)) throw error;
    expect(errorCodes).toHaveProperty(error.code);
    return { error: error.name, code: error.code, cause: error.cause };
  }
}
