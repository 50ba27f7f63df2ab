/* Request content as the transport gets it: at the pace of the throttle, and under the eyes of the clock. */

import { throttledStream } from "../limits/throttled-stream.ts";
import type { Settings } from "../options/settings.ts";
import type { Transport, TransportBody } from "../transport.ts";
import { unsupported } from "../unsupported.ts";
import { isStream } from "./body.ts";
import { watched, type WriteClock } from "./watched.ts";

/** @throws UnsupportedError for a stream that the transport cannot send. */
export function outgoingContent(
  body: TransportBody,
  { throttle, timeout }: Settings,
  transport: Transport,
  clock: WriteClock,
): TransportBody {
  const { requestStreaming, streamLength } = transport.capabilities;
  const paces = throttle?.upload ?? [];
  const given = isStream(body);
  if (requestStreaming === "none" && (given || paces.length > 0)) {
    throw given
      ? unsupported(transport, "body", "requestStreaming", "Pass the content as bytes or a Blob")
      : unsupported(transport, "throttle.upload", "requestStreaming", "Leave it out");
  }
  const paced = paces.length > 0 ? throttledStream(body, paces) : body;
  // Content that cannot be cut without changing its framing goes as one piece.
  const isSeen = isStream(paced) || (requestStreaming !== "none" && streamLength === "declared");
  return timeout.write < Infinity && isSeen ? watched(paced, clock) : paced;
}
