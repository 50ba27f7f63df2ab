/* One exchange over fetch: what it is asked, what comes back, and how it is called off. */

import {
  decodedContent,
  type FieldLines,
  piecesToStream,
  ProtocolError,
  pullBody,
  type ResponseBody,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  webDecoders,
} from "@anyhttp/core";
import { coders, mapContentError, mapFetchError, particulars, takeHold } from "#platform";
import type { Hold, TakeHold } from "./hold.ts";
import { contentOnce, fieldRecord } from "./request.ts";
import { fetchCapabilities, plainRequest } from "./runtime.ts";
import { streamOf, Upload } from "./upload.ts";

/** Sends what fetch would be given. Called without a receiver, with members that it may change. */
export type FetchCall = (url: string, init: RequestInit) => Promise<Response>;

/** The transport of this name over `call`, which comes to the platform's fetch, or to the one that a user has brought. */
export function overFetch(name: string, call: FetchCall, brought: unknown): Transport {
  const take = takeHold(name, brought);
  const capabilities = fetchCapabilities(take.raw ?? false);
  const { decoders, encoders } = coders();
  const plain = {
    ...plainRequest[capabilities.redirects === "visible" ? "server" : "browser"],
    ...particulars().init,
  };
  return {
    name,
    capabilities,
    decoders: capabilities.contentCoding === "raw" ? decoders : {},
    // What is sent has not: that is ours to do, as fetch encodes nothing.
    encoders,
    send: (request) => send(call, take, plain, capabilities.streamLength === "declared", request),
    // Which connections there are is the platform's secret.
    idle: () => null,
    close: () => Promise.resolve(),
  };
}

function send(
  call: FetchCall,
  take: TakeHold,
  plain: RequestInit,
  declares: boolean,
  request: TransportRequest,
): Promise<TransportResponse> {
  const { signal, body } = request;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const headers = fieldRecord(request.headers);
    // Without a prototype, in which fetch would look for the members that are not given.
    const init = Object.assign(Object.create(null) as RequestInit, plain, {
      method: request.method,
      headers,
    });
    const hold = take(init, headers, request.target);
    let settled = false;
    let upload: Upload | null = null;
    const stop = (reason: unknown): void => {
      if (settled) return;
      settled = true;
      signal.onabort = null;
      reject(reason);
      upload?.stop();
      hold.abort(reason);
    };
    signal.onabort = stop;

    const streamed = streamOf(body, hold.carries ?? false);
    if (streamed) {
      if (declares && streamed.length !== null) headers["content-length"] = String(streamed.length);
      // The source's own error, not what fetch makes of it.
      upload = new Upload(streamed, () => request.trace.mark("sent"), stop);
      init.body = hold.carry?.(upload) ?? piecesToStream(upload);
      (init as { duplex?: string }).duplex = "half";
    } else if (body) init.body = contentOnce(body as Uint8Array<ArrayBuffer> | Blob);

    let responding: Promise<Response>;
    try {
      responding = call(request.target.href, init);
    } catch (error) {
      // A function of the user's that is not even async.
      return stop(mapFetchError(error));
    }
    // How far fetch is cannot be seen: connecting and sending count as waiting, for content in one piece as well.
    if (!upload) request.trace.mark("sent");
    responding.then(
      (response) => {
        const coding = response.headers.get("transfer-encoding");
        if (response.status === 101) stop(switched());
        // What the runtime's parser lets pass: a reason phrase without end, and codings that leave no end of content.
        else if (response.statusText.length > 16_384) stop(broken("ERR_PROTOCOL_HEAD_TOO_LARGE"));
        // Bun's knows two-digit statuses, and content of two lengths; Node's knows no coding with a tab behind it.
        else if (
          response.status < 100 ||
          (coding !== null &&
            (response.headers.has("content-length") || !/^chunked *$/i.test(coding))) ||
          // Browsers read on to the end of the connection, which may never come.
          (!hold.content && !isLength(response.headers.get("content-length")))
        )
          stop(broken("ERR_PROTOCOL_HEAD"));
        if (settled) {
          // Nobody wants it any more, and its connection is closed with it.
          if (hold.content) hold.content.cancel();
          else response.body?.cancel().catch(() => undefined);
          return;
        }
        settled = true;
        signal.onabort = null;
        // An upload that waits for ever would keep its connection.
        const left = upload?.stop() === true && hold.release ? upload : null;
        resolve(headOf(response, hold, declares, left));
      },
      (error: unknown) => stop(mapFetchError(error)),
    );
  });
}

/** The head of a response. Its fields are read when they are asked for: fetch sorts and joins them first. */
function headOf(
  response: Response,
  hold: Hold,
  node: boolean,
  left: Upload | null,
): TransportResponse {
  let fieldLines: FieldLines | null = null;
  const { headers } = response;
  const body = hold.content ?? undone(response, pulled(response, node, hold));
  hold.response = response;
  return {
    status: hold.status ?? response.status,
    statusText: response.statusText,
    get headers() {
      return (fieldLines ??= lines(
        hold.coding ? [...headers, ["content-encoding", hold.coding]] : headers,
      ));
    },
    httpVersion: null,
    body: left ? releasing(body, hold, left) : body,
  };
}

/** The same content; when it is over, what is left of the upload is let go of. */
function releasing(body: ResponseBody, hold: Hold, upload: Upload): ResponseBody {
  const release = (): void => {
    upload.abandon();
    hold.release?.();
  };
  return {
    start: (receiver) =>
      body.start({
        data: (piece) => receiver.data(piece),
        end(trailers) {
          receiver.end(trailers);
          release();
        },
        fail(error) {
          receiver.fail(error);
          release();
        },
      }),
    pause: () => body.pause(),
    resume: () => body.resume(),
    cancel() {
      body.cancel();
      release();
    },
  };
}

/** What the platform leaves of the codings that it declares to undo. */
function undone({ headers }: Response, body: ResponseBody): ResponseBody {
  const { undoes } = particulars();
  const coding = undoes && headers.get("content-encoding");
  if (!coding || undoes.test(coding)) return body;
  const decoders = webDecoders();
  // One that nobody knows stays, as on other platforms, and its field says so.
  const known = coding
    .split(",")
    .every(
      (one) =>
        /^ *(x-gzip|identity) *$/i.test(one) || Object.hasOwn(decoders, one.trim().toLowerCase()),
    );
  if (!known) return body;
  try {
    return decodedContent(body, ["content-encoding", coding], decoders);
  } catch (error) {
    // Too many of them.
    const nothing = (): void => undefined;
    return {
      start: (receiver) => receiver.fail(error),
      pause: nothing,
      resume: nothing,
      cancel: nothing,
    };
  }
}

function pulled({ body: stream, headers }: Response, node: boolean, hold: Hold): ResponseBody {
  const body = pullBody(stream?.getReader() ?? null, mapContentError);
  const cancel = body.cancel.bind(body);
  body.cancel = () => {
    cancel();
    // Firefox would read on, into nothing.
    hold.release?.();
  };
  // Undici fails an assertion, which nobody can catch, when content that runs to the end of the connection ends while it
  // is paused. Such content flows into memory instead.
  if (node && !headers.has("content-length") && !headers.has("transfer-encoding"))
    body.pause = () => undefined;
  return body;
}

function lines(headers: Iterable<readonly [name: string, value: string]>): FieldLines {
  const list: string[] = [];
  // Undici leaves the white space behind a value, which is not part of it (RFC 9112 §5.1).
  for (const [name, value] of headers) {
    let end = value.length;
    while (end > 0 && (value[end - 1] === " " || value[end - 1] === "\t")) end--;
    list.push(name, value.slice(0, end));
  }
  return list;
}

/** Whether a `content-length`, if there is one, is a number of octets (RFC 9112 §6.3). */
export function isLength(value: string | null): boolean {
  return value === null || /^\d{1,16}(, *\d{1,16})*$/.test(value);
}

export function broken(code: "ERR_PROTOCOL_HEAD" | "ERR_PROTOCOL_HEAD_TOO_LARGE"): ProtocolError {
  return new ProtocolError(code, "the response is not valid HTTP", "Check the server.", {
    requestSent: "yes",
  });
}

function switched(): ProtocolError {
  return new ProtocolError(
    "ERR_PROTOCOL_UPGRADE",
    "the peer switched protocols unasked",
    "Check that the port speaks HTTP.",
    { requestSent: "yes" },
  );
}
