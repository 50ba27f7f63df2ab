// axios on its xhr adapter, which is for browsers. XMLHttpRequest hands content over when all of it is there; its first
// sign of content tells the head.

import {
  bodyLength,
  type Capabilities,
  type ContentReceiver,
  type FieldLines,
  Inlet,
  isStream,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  webEncoders,
} from "@anyhttp/core";
import {
  broken,
  contentOnce,
  fieldRecord,
  isLength,
  mapContentError,
  mapFetchError,
  unsupported,
  wrong,
} from "@anyhttp/fetch-connect";
import {
  Axios,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosProgressEvent,
  type AxiosRequestConfig,
} from "axios";
import { keyless, noOctets, plainXhr } from "./plain.ts";

/** What XMLHttpRequest is like wherever it is: it guards fields as Fetch does, and follows redirects by itself. */
const capabilities: Capabilities = Object.freeze({
  redirects: "opaque",
  contentCoding: "decoded",
  requestStreaming: "none",
  responseStreaming: "whole",
  streamLength: "chunked",
  uploadProgress: "written",
  getContent: "refused",
  methods: "fetch",
  setCookie: "hidden",
  fieldLines: "combined",
  trailers: "discarded",
  failureDetail: "opaque",
  connectTimeout: "merged",
  forbiddenFields: "fetch",
  addedFields: "platform",
  connectionInfo: "hidden",
  connectionPool: "hidden",
  cookies: "ambient",
  tls: "ambient",
  expectContinue: "none",
  informational: "hidden",
});

const name = "axios-xhr";

/** The transport over axios' xhr adapter. */
export function overXhr(instance: AxiosInstance | undefined): Transport {
  if (typeof XMLHttpRequest !== "function")
    throw wrong("this runtime has no XMLHttpRequest", 'Use `adapter: "fetch"`.');
  const axios = instance ?? new Axios({ ...plainXhr });
  return {
    name,
    capabilities,
    decoders: {},
    encoders: webEncoders(),
    send: (request) =>
      new Promise((resolve, reject) => {
        new XhrExchange(axios, request, resolve, reject).run();
      }),
    idle: () => null,
    close: () => Promise.resolve(),
  };
}

class XhrExchange extends Inlet {
  readonly #axios: Pick<Axios, "request">;
  readonly #request: TransportRequest;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #controller: AbortController;
  #settled = false;
  #listening = false;
  #receiver: ContentReceiver | null = null;

  constructor(
    axios: Pick<Axios, "request">,
    request: TransportRequest,
    resolve: (response: TransportResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    const controller = new AbortController();
    // There is no holding it up.
    const nothing = (): void => undefined;
    super({ pause: nothing, resume: nothing, cancel: () => controller.abort() });
    this.#axios = axios;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#controller = controller;
  }

  run(): void {
    const { signal, target, method, headers, body, trace } = this.#request;
    const watches = trace.watchesUpload && body !== null && bodyLength(body) !== 0;
    if (signal.aborted) return this.#reject(signal.reason);
    signal.onabort = (reason) => {
      this.#fail(reason);
      this.#controller.abort();
    };
    let config: AxiosRequestConfig;
    try {
      // It would be dropped in silence.
      if (body !== null && (method === "GET" || method === "HEAD"))
        throw refused(`send content with ${method}`, "body", "getContent");
      config = {
        ...plainXhr,
        url: target.href,
        method: (method === method.toUpperCase() ? method : new Exactly(method)) as string,
        headers: fieldsFor(headers),
        data: body === null || isStream(body) ? null : keyless(contentOnce(body)),
        signal: this.#controller.signal,
        // Listened to only if somebody wants to know: whoever listens has a cross-origin request preflighted.
        ...(watches && {
          onUploadProgress: ({ event }: AxiosProgressEvent) =>
            this.#uploading(event as ProgressEvent),
        }),
        onDownloadProgress: ({ event }: AxiosProgressEvent) =>
          this.#progress((event as ProgressEvent | undefined)?.target),
      };
    } catch (error) {
      return this.#fail(error);
    }
    this.#axios.request<ArrayBuffer | null>(config).then(
      ({ request, data }) => {
        this.#respond(request as XMLHttpRequest);
        if (data) this.data(new Uint8Array(data));
        this.end(null);
      },
      (error: unknown) => this.#fail(error),
    );
    // How far it is cannot be seen: connecting and sending count as waiting.
    if (!watches) trace.mark("sent");
  }

  /** axios tells of a few a second, and the first says whom to listen to. */
  #uploading({ target, loaded }: ProgressEvent): void {
    if (this.#listening || !target) return;
    this.#listening = true;
    const { trace } = this.#request;
    const tell = (bytes: number): void => {
      if (!this.#settled) trace.wrote(bytes);
    };
    tell(loaded);
    target.addEventListener("progress", (event) => tell((event as ProgressEvent).loaded));
    target.addEventListener("load", (event) => {
      tell((event as ProgressEvent).loaded);
      trace.mark("sent");
    });
  }

  override start(receiver: ContentReceiver): void {
    this.#receiver = receiver;
    super.start(receiver);
  }

  /** There is content: so there is a head, and from now on every sign of more is handed on. */
  #progress(from: EventTarget | null | undefined): void {
    if (this.#settled || !(from instanceof XMLHttpRequest) || from.status === 0) return;
    // axios tells of a few a second, which is not enough for a clock; WebKit tells of an abort in this way, too.
    from.addEventListener("progress", () => {
      if (!this.#controller.signal.aborted) this.#receiver?.data(noOctets);
    });
    this.#respond(from);
  }

  #respond(xhr: XMLHttpRequest): void {
    if (this.#settled) return;
    const coding = xhr.getResponseHeader("transfer-encoding") ?? "";
    // Codings that leave no end of content, and a length that is none.
    if (!/^(?:chunked *)?$/i.test(coding) || !isLength(xhr.getResponseHeader("content-length"))) {
      this.#fail(broken("ERR_PROTOCOL_HEAD"));
      return this.#controller.abort();
    }
    this.#settle();
    this.#resolve({
      status: xhr.status,
      statusText: xhr.statusText,
      headers: linesOf(xhr.getAllResponseHeaders()),
      httpVersion: null,
      body: this,
    });
  }

  #fail(error: unknown): void {
    if (this.#settled) return this.fail(mapContentError(error));
    this.#settle();
    this.#reject(error === this.#request.signal.reason ? error : mapFetchError(error));
  }

  #settle(): void {
    this.#settled = true;
    this.#request.signal.onabort = null;
  }
}

/** A method in its own spelling (RFC 9110 §9.1), which axios would change twice. */
class Exactly extends String {
  override toLowerCase(): string {
    return this as unknown as string;
  }

  override toUpperCase(): string {
    return this.toString();
  }
}

function refused(act: string, option: string, capability: string): Error {
  return unsupported(name, act, option, capability, "leave it out");
}

function fieldsFor(lines: FieldLines): Record<string, string | false> {
  const record: Record<string, string | false> = fieldRecord(lines);
  for (const field of Object.keys(record)) {
    // axios keeps fields where its methods are.
    if (field in AxiosHeaders.prototype)
      throw refused(`send a field named \`${field}\``, "headers", "forbiddenFields");
  }
  // Or axios sends a type of its own choice.
  record["content-type"] ??= false;
  return record;
}

/** Fields as XMLHttpRequest tells them: sorted, in lower case, joined; challenges, in Firefox, by line breaks. */
function linesOf(text: string): FieldLines {
  return text
    .split("\r\n")
    .filter(Boolean)
    .flatMap((line) => {
      const colon = line.indexOf(":");
      // White space is spaces and tabs; the octet A0 is part of a value.
      const value = line.slice(colon + 1).replaceAll(/^[ \t]+|[ \t]+$/g, "");
      return [line.slice(0, colon), value.replaceAll("\n", ", ")];
    });
}
