/* Sessions over scripted transports, and what a rejected call rejected with. */

import { type HttpError, isHttpError, Session, type SessionOptions } from "../../src/index.ts";
import {
  type Answer,
  type ScriptedOptions,
  ScriptedTransport,
  type Step,
} from "./scripted-transport.ts";

type Options = Omit<SessionOptions, "transport">;

const origin = "http://origin.test";

/** A session at `http://origin.test/` and its transport. */
export function sessionOf(
  steps: Step | readonly Step[] = {},
  options: Options = {},
  transportOptions: ScriptedOptions = {},
): { session: Session; transport: ScriptedTransport } {
  const transport = new ScriptedTransport([steps].flat() as readonly Step[], transportOptions);
  return { session: new Session({ transport, baseUrl: origin, ...options }), transport };
}

/** A response with this head and content, its call made with these options. */
export async function respondTo(
  answer: Answer,
  options: Parameters<Session["get"]>[1] = {},
  transportOptions: ScriptedOptions = {},
): Promise<Awaited<ReturnType<Session["get"]>> & { readonly transport: ScriptedTransport }> {
  const { session, transport } = sessionOf(answer, {}, transportOptions);
  return Object.assign(await session.get("item", options), { transport });
}

/** What something that has to fail failed with; it has to be of the tree. */
export async function failure(
  attempt: PromiseLike<unknown> | (() => unknown),
): Promise<HttpError & Record<string, unknown>> {
  let result: unknown;
  try {
    result = await (typeof attempt === "function" ? attempt() : attempt);
  } catch (error) {
    if (!isHttpError(error)) throw new Error("the error is not of the tree", { cause: error });
    return error as HttpError & Record<string, unknown>;
  }
  throw new Error(`it did not fail, and came to ${String(result)}`);
}

/** All that an iterator gives. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Lets everything that waits for nothing but its turn happen. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
