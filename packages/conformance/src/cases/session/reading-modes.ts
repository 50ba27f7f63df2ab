/* Every way to read content, as a table: families of cases go through it, one case for each mode and fault. */

import type { HttpResponse } from "@anyhttp/core";
import {
  base64,
  type ByteString,
  call,
  type CaseInit,
  type Expectation,
  expects,
  fromBytes,
  type Kit,
  type Matcher,
  type Observation,
  satisfying,
} from "../../case.ts";

/** One way to read content. */
export interface Mode {
  /** In ids. */
  readonly name: string;
  /** Of content that it can read. */
  readonly type: string;
  /** Such content, cut in two behind the first thing that a mode which does not wait for all hands over. */
  readonly halves: readonly [ByteString, ByteString];
  /** What it makes of all of it. */
  readonly value: unknown;
  /** What it has handed over when only the first half has come; of a mode that waits for all, nothing. */
  readonly early: readonly unknown[];
  /** Whether it asks for the content only some turns after it has been called. */
  readonly late?: boolean;
  /** Reads; `hand` is told of each thing that is handed over before all of it has come. */
  read(response: HttpResponse, hand: (item: unknown) => void): Promise<unknown>;
}

const halves = ["first half, ", "second half"] as const;
const text = "first half, second half";
const plain = { type: "text/plain", halves, early: [] } as const;

const octets = (all: ArrayBuffer | Uint8Array): string => fromBytes(new Uint8Array(all));

/** Hands over each item, and makes a list of all. */
async function each(
  items: AsyncIterable<unknown>,
  hand: (item: unknown) => void,
): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) {
    all.push(item);
    hand(item);
  }
  return all;
}

/** The modes. */
export const modes: readonly Mode[] = [
  { name: "bytes", ...plain, value: text, read: async (response) => octets(await response.bytes()) },
  { name: "array-buffer", ...plain, value: text, read: async (response) => octets(await response.arrayBuffer()) },
  { name: "text", ...plain, value: text, read: (response) => response.text() },
  { name: "blob", ...plain, value: text, read: async (response) => octets(await (await response.blob()).arrayBuffer()) },
  {
    name: "json",
    type: "application/json",
    halves: ['["first", ', '"second"]'],
    value: ["first", "second"],
    early: [],
    read: (response) => response.json(),
  },
  {
    name: "form-data",
    type: "application/x-www-form-urlencoded",
    halves: ["a=first&", "b=second"],
    value: [["a", "first"], ["b", "second"]],
    early: [],
    read: async (response) => [...(await response.formData())],
  },
  {
    name: "pieces",
    ...plain,
    value: text,
    early: [halves[0]],
    async read(response, hand) {
      const all = await each(response, (piece) => hand(octets(piece as Uint8Array)));
      return all.map((piece) => octets(piece as Uint8Array)).join("");
    },
  },
  {
    name: "stream",
    late: true,
    ...plain,
    value: text,
    early: [halves[0]],
    async read(response, hand) {
      const reader = response.body.getReader();
      let all = "";
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        all += octets(next.value);
        hand(octets(next.value));
      }
      return all;
    },
  },
  {
    name: "lines",
    type: "text/plain",
    halves: ["first\nsec", "ond"],
    value: ["first", "second"],
    early: ["first"],
    read: (response, hand) => each(response.lines(), hand),
  },
  {
    name: "ndjson",
    type: "application/x-ndjson",
    halves: ['{"a": "first"}\n"sec', 'ond"'],
    value: [{ a: "first" }, "second"],
    early: [{ a: "first" }],
    read: (response, hand) => each(response.ndjson(), hand),
  },
  {
    name: "events",
    type: "text/event-stream",
    halves: ["data: first\n\ndata: sec", "ond\n\n"],
    value: [{ type: "message", data: "first", lastEventId: "" }, { type: "message", data: "second", lastEventId: "" }],
    early: [{ type: "message", data: "first", lastEventId: "" }],
    read: (response, hand) => each(response.events(), hand),
  },
]; // prettier-ignore

/** The content that a mode can read, whole. */
export const wholeOf = ({ halves: [first, second] }: Mode): ByteString => first + second;

/** The modes that hand over what they have before all of it has come. */
export const streaming: readonly Mode[] = modes.filter(({ early }) => early.length > 0);

/** Whether a mode gives octets in whatever pieces they come. */
const isOctets = ({ name }: Mode): boolean => name === "pieces" || name === "stream";

/**
 * Reads in a mode and notes what it hands over. `come` is called as soon as the first half must have come: when
 * something is handed over, or with the head if the mode, or the platform, waits for all.
 */
export async function readInHalves(
  kit: Kit,
  mode: Mode,
  come: (response: HttpResponse) => unknown,
  options: object | (() => object) = {},
): Promise<Observation> {
  const handed: unknown[] = [];
  const waits = mode.early.length === 0 || kit.capabilities.responseStreaming === "whole";
  let done: unknown = null;
  const seen = await kit.call(
    call("GET", "a", options as () => Record<string, unknown>, (response) => {
      if (waits) done = come(response);
      return mode.read(response, (item) => {
        if (handed.push(item) === 1 && !waits) done = come(response);
      });
    }),
  );
  await done;
  kit.note("handed", isOctets(mode) ? handed.join("") : handed);
  return seen;
}

const nothing = satisfying("nothing", (seen) => (seen as { length?: number } | null)?.length === 0);

/** Of content whose first half alone comes: that a mode has handed over what it can, and, where content comes whole, nothing. */
export function halfHandedOver(
  mode: Mode,
  expect: Expectation,
): Pick<CaseInit, "expect" | "requires" | "otherwise"> {
  return {
    expect: { ...expect, facts: { handed: handedOver(mode) } },
    ...(mode.early.length > 0 && {
      requires: { responseStreaming: "streamed" },
      otherwise: expects({ ...expect, facts: { handed: nothing } }),
    }),
  };
}

/** What a mode may have handed over: a beginning of what there is, and no less than what has come before. */
export function handedOver(mode: Mode): Matcher {
  const [least, most] = (
    isOctets(mode) ? [mode.early[0], mode.value] : [mode.early, mode.value]
  ) as [string | readonly unknown[], string | readonly unknown[]];
  if (mode.early.length === 0) return nothing;
  return satisfying(
    `a beginning of ${JSON.stringify(most)} from ${JSON.stringify(least)} on`,
    (seen) => {
      const length = (seen as typeof most | undefined)?.length ?? -1;
      return (
        length >= least.length && JSON.stringify(most.slice(0, length)) === JSON.stringify(seen)
      );
    },
  );
}

/** A value of JSON on one line, in every coding: content that each mode can read, though events have none of it. */
export const list = '["first", "second", "third", "first", "second", "third"]\n';

/** The list, coded. */
export const codedList: Readonly<Record<"gzip" | "deflate" | "br" | "zstd", ByteString>> = {
  gzip: base64("H4sIAAAAAAAAA4tWSsssKi5R0lFQKk5Nzs9LAbFKMjKLwAyccrFcAHrQbvA5AAAA"),
  deflate: base64("eJyLVkrLLCouUdJRUCpOTc7PSwGxSjIyi8AMnHKxXAD/OxFV"),
  br: base64("GzgAQI3UYs0Z7tQiIApbi6ULNuCAvcAedMVbIfGQ9Bx5AQdOqjk="),
  zstd: base64("KLUv/SQ5FQEAuFsiZmlyc3QiLCAic2Vjb25kdGhpcl0KAwA/F7AcWassAag2jys="),
};
