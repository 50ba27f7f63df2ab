/* Request content as the transport gets it: in its coding, at the pace of the throttle, and under the eyes of the clock. */

import { withoutField } from "../headers.ts";
import { declaredLength } from "../http/request-fields.ts";
import { throttledStream } from "../limits/throttled-stream.ts";
import type { HttpRequest } from "../request.ts";
import type { FieldLines, Transport, TransportBody } from "../transport.ts";
import type { Meter } from "../progress/progress.ts";
import { unsupported } from "../unsupported.ts";
import { bodyLength, isStream } from "./body.ts";
import type { EncoderFactory } from "./encoder.ts";
import { encodedContent, wantedCoding } from "./encoded.ts";
import { OpenedStream, type RequestContent } from "./source.ts";
import { Tally, watched, type WriteClock } from "./watched.ts";

/** Bytes up to so many go at once, and have no progress worth asking for. */
const atOnce = 65_536;

/** The exchange that sends it. */
export interface Sender extends WriteClock {
  readonly request: HttpRequest;
  readonly aborted: boolean;
  onabort: ((reason: unknown) => void) | null;
  headers: FieldLines;
  /** The content as it was opened. */
  opened: TransportBody | null;
  /** What its encoder was given. */
  tally: Tally | null;
  upload: Meter | null;
  watchesUpload: boolean;
  meter(direction: "upload"): Meter | null;
}

/** Opens the content of a request, and makes of it what is sent. @throws UnsupportedError for what the transport cannot send. */
export function outgoingContent(
  content: RequestContent | null,
  sender: Sender,
  transport: Transport,
): TransportBody | null | Promise<TransportBody> {
  if (!content) {
    lengthToTransport(sender, 0);
    return null;
  }
  const body = content.open(declaredLength(sender.request.lines, null));
  if (body instanceof Promise) return body.then((made) => outgoing(made, sender, transport));
  // Whoever makes a call and then asks for its progress is to see it from the beginning.
  if (!(body instanceof Uint8Array) || body.byteLength > atOnce)
    return Promise.resolve().then(() => outgoing(body, sender, transport));
  return outgoing(body, sender, transport);
}

function outgoing(
  body: TransportBody,
  sender: Sender,
  transport: Transport,
): TransportBody | Promise<TransportBody> {
  sender.opened = body;
  // While a function made it. It is closed as it is, and nobody is told of a transfer.
  if (sender.aborted) return body;
  const length = bodyLength(body);
  const streams = transport.capabilities.requestStreaming !== "none";
  if (!streams && isStream(body)) {
    const option = body instanceof OpenedStream ? body.option : "body";
    throw unsupported(transport, option, "requestStreaming", "Pass the content as bytes or a Blob");
  }
  lengthToTransport(sender, length);
  const coding = length === 0 ? null : wantedCoding(sender.request);
  if (!coding) return regulated(body, sender, transport);
  sender.headers = [...sender.headers, "content-encoding", coding];
  const encode = transport.encoders[coding] as EncoderFactory;
  const encoded = encodedContent(
    body,
    encode,
    streams,
    sender.request.content?.oneShot ?? false,
    (sender.tally = new Tally()),
    sender,
  );
  return encoded instanceof Promise
    ? encoded.then((whole) => regulated(whole, sender, transport))
    : regulated(encoded, sender, transport);
}

/** The length has been taken from the field; the transport writes it from the body. */
function lengthToTransport(sender: Sender, length: number | null): void {
  if (declaredLength(sender.headers, length) !== null)
    sender.headers = withoutField(sender.headers, "content-length");
}

function regulated(body: TransportBody, sender: Sender, transport: Transport): TransportBody {
  const { requestStreaming, streamLength, uploadProgress } = transport.capabilities;
  const { throttle, timeout } = sender.request.settings;
  const paces = throttle?.upload ?? [];
  if (requestStreaming === "none" && paces.length > 0)
    throw unsupported(transport, "throttle.upload", "requestStreaming", "Leave it out");
  const paced = paces.length > 0 ? throttledStream(body, paces) : body;
  // Content that cannot be cut without changing its framing goes as one piece.
  const isSeen = isStream(paced) || (requestStreaming !== "none" && streamLength === "declared");
  const meter = (sender.upload = sender.meter("upload"));
  meter?.begin(bodyLength(paced));
  sender.watchesUpload = meter !== null && uploadProgress === "written";
  return (meter || timeout.write < Infinity) && isSeen ? watched(paced, sender) : paced;
}
