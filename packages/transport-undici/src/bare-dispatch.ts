/* What undici is asked for one exchange: five members, and none that it could find on a prototype. */

import { bodyLength, type TransportRequest } from "@anyhttp/core";

/** Options of `dispatch`. undici reads a dozen more, `upgrade` and `expectContinue` among them. */
export class BareDispatch {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: unknown;

  /** @param body The content of the request, as undici takes it. */
  constructor({ method, target, headers, body: content }: TransportRequest, body: unknown) {
    const length = content instanceof Uint8Array ? null : content && bodyLength(content);
    this.origin = target.origin;
    this.path = target.path;
    this.method = method;
    this.headers = length === null ? headers : [...headers, "content-length", String(length)];
    this.body = body;
  }

  static {
    // Cheaper for V8 than objects made without a prototype.
    Object.setPrototypeOf(this.prototype, null);
  }
}
