/*
 * What is particular to the fetch of a platform: nothing here, where all failures look alike. Some differ, and their
 * conditions lead to `platform-node.ts` and its like, which have the same exports.
 */

import {
  type Capabilities,
  ConnectionError,
  ContentError,
  type ContentDecoders,
  type ContentEncoders,
  type HttpError,
  isHttpError,
  webDecoders,
  webEncoders,
} from "@anyhttp/core";
import { holdBySignal, type TakeHold } from "./hold.ts";

/** What no test can tell about this fetch, and what it is asked beside the rest. */
export interface Particulars {
  readonly facts: Partial<Capabilities>;
  readonly init: RequestInit;
  /** The value of `content-encoding` with which it undoes codings, if not all; it leaves the field there. */
  readonly undoes?: RegExp;
}

/** The particulars of this platform. */
export const particulars = (): Particulars => none;

const none: Particulars = Object.freeze<Particulars>({ facts: {}, init: {} });

/** What a platform encodes and decodes. */
export interface Coders {
  readonly decoders: ContentDecoders;
  readonly encoders: ContentEncoders;
}

/** The coders of this platform. */
export const coders = (): Coders => ({ decoders: webDecoders(), encoders: webEncoders() });

/** The hold on this platform's fetch. */
export const takeHold = (): TakeHold => holdBySignal;

/** What fetch rejected with, before there was a head. */
export function mapFetchError(cause: unknown): HttpError {
  if (isHttpError(cause)) return cause;
  const remedy = "Check the address, the server and, in browsers, CORS.";
  return new ConnectionError(
    "ERR_NETWORK",
    "the network failed and the platform does not say how",
    remedy,
    {
      requestSent: "maybe",
      cause,
    },
  );
}

/** What reading the content rejected with. */
export function mapContentError(cause: unknown): HttpError {
  if (isHttpError(cause)) return cause;
  return new ContentError(
    "ERR_CONTENT_TRUNCATED",
    "the response content broke off",
    "Try again; the content so far is not whole.",
    { cause },
  );
}
