// What the check of an SDK works with, and how one is run.
import { Session, type SessionOptions, toFetch, type Transport } from "@anyhttp/core";
import { axiosTransport } from "@anyhttp/transport-axios";
import { fetchTransport } from "@anyhttp/transport-fetch";
import { nodeFetchTransport } from "@anyhttp/transport-node-fetch";
import { undiciTransport } from "@anyhttp/transport-undici";
import type { Origin } from "./origin.ts";

export const transports: readonly (readonly [name: string, make: () => Transport])[] = [
  ["undici", () => undiciTransport()],
  ["axios", () => axiosTransport()],
  ["node-fetch", () => nodeFetchTransport()],
  ["fetch", () => fetchTransport()],
];

/** What an SDK does with a fetch; the columns of the table in docs/fetch.md. */
export const features = [
  "JSON",
  "streams",
  "forms",
  "abort",
  "error status",
  "own retries",
  "the session's retries",
] as const;
export type Feature = (typeof features)[number];

export interface Kit {
  readonly origin: Origin;
  readonly session: Session;
  /** `toFetch` of that session. */
  readonly fetch: typeof fetch;
}

/** A check rejects if what the SDK returned, or what the origin got, is not right. */
export type Check = (kit: Kit) => Promise<void>;

export interface Sdk {
  /** As it is installed. */
  readonly name: string;
  /** How it is given a fetch, for the table. */
  readonly given: string;
  /** What it does not offer is left out. */
  readonly checks: Partial<Record<Feature, Check>>;
}

/** Runs one check on a transport, with a session of its own. */
export async function runCheck(
  feature: Feature,
  check: Check,
  makeTransport: () => Transport,
  origin: Origin,
): Promise<void> {
  origin.reset();
  const options: SessionOptions = {
    transport: makeTransport(),
    headers: { "x-session": "yes" },
    timeout: { total: 5000 },
    ...(feature === "the session's retries" && { retry: { attempts: 3, backoff: 1 } }),
  };
  await using session = new Session(options);
  await check({ origin, session, fetch: toFetch(session) });
  if (origin.arrivals.some(({ headers }) => headers["x-session"] !== "yes"))
    throw new Error("a request has not gone through the session");
  // Whatever was aborted or left is over.
  for (let i = 0; i < 100 && session.stats.active > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  if (session.stats.active > 0) throw new Error("an exchange is still under way");
}

/** What a promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<
  Error & {
    readonly status?: number;
    readonly response?: { readonly status: number };
    readonly cause?: unknown;
  }
> {
  return promise.then(
    () => {
      throw new Error("it did not reject");
    },
    (error: unknown) => error as Error,
  );
}
