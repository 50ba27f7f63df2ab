/*
 * Watches a transport keep its contract while a case runs: how `send` settles, and in which order content is told. A
 * breach fails the case, even if the caller did not notice.
 */

import {
  type ContentReceiver,
  isHttpError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "@anyhttp/core";
import { noteClosed } from "./aftermath.ts";

/** Wraps a transport; `breach` is told each breach of the contract. */
export function watch(transport: Transport, breach: (what: string) => void): Transport {
  const watched: Transport = {
    name: transport.name,
    capabilities: transport.capabilities,
    decoders: transport.decoders,
    encoders: transport.encoders,
    idle: () => transport.idle(),
    close() {
      noteClosed(watched);
      return transport.close();
    },
    send(request) {
      let sending: Promise<TransportResponse>;
      try {
        sending = transport.send(request);
      } catch (error) {
        breach("send threw instead of rejecting");
        return Promise.reject(error);
      }
      return sending.then(
        (response) => watchResponse(response, transport, breach),
        (error: unknown) => {
          if (!mayReject(error, request))
            breach(`send rejected with ${String(error)}, which is no HttpError`);
          throw error;
        },
      );
    },
  };
  return watched;
}

/** A transport rejects with an error of the tree, the signal's reason, or what the source of content threw. */
function mayReject(error: unknown, { signal, body }: TransportRequest): boolean {
  if (isHttpError(error)) return true;
  if (signal.aborted) return error === signal.reason;
  return body !== null && "source" in body;
}

function watchResponse(
  response: TransportResponse,
  { capabilities }: Transport,
  breach: (what: string) => void,
): TransportResponse {
  const { body } = response;
  const streams = capabilities.responseStreaming === "streamed";
  let state: "idle" | "started" | "over" | "cancelled" = "idle";
  if (response.headers.length % 2 !== 0) breach("the field lines are no pairs");
  const watched: TransportResponse["body"] = {
    start(receiver) {
      if (state === "idle") state = "started";
      body.start(watchReceiver(receiver));
    },
    pause: () => body.pause(),
    resume: () => body.resume(),
    cancel() {
      if (state !== "over") state = "cancelled";
      body.cancel();
    },
  };
  const watchReceiver = (receiver: ContentReceiver): ContentReceiver => {
    const tell = (what: string): boolean => {
      if (state === "over") breach(`the receiver heard ${what} after the content was over`);
      if (state === "cancelled") breach(`the receiver heard ${what} after cancel`);
      return state === "started";
    };
    return {
      data(piece) {
        if (piece.byteLength === 0 && streams) breach("the receiver got an empty piece");
        if (tell("data")) receiver.data(piece);
      },
      end(trailers) {
        if (!tell("end")) return;
        state = "over";
        receiver.end(trailers);
      },
      fail(error) {
        if (!tell("fail")) return;
        if (!isHttpError(error))
          breach(`the content failed with ${String(error)}, which is no HttpError`);
        state = "over";
        receiver.fail(error);
      },
    };
  };
  return { ...response, body: watched };
}
