/* What undici is asked for one exchange: five members, and none that it could find on a prototype. */

/** Options of `dispatch`. undici reads a dozen more, `upgrade` and `expectContinue` among them. */
export class BareDispatch {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly body: unknown;

  constructor(
    origin: string,
    path: string,
    method: string,
    headers: readonly string[],
    body: unknown,
  ) {
    this.origin = origin;
    this.path = path;
    this.method = method;
    this.headers = headers;
    this.body = body;
  }

  static {
    // Cheaper for V8 than objects made without a prototype.
    Object.setPrototypeOf(this.prototype, null);
  }
}
