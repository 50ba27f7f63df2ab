// What an httpbin-like service answers, as types. The shapes are httpbin's.

/** A parameter or form field: a list if its name came more than once. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** What `/get` and its like say about a request. */
export interface RequestFacts {
  readonly args: Values;
  readonly headers: Readonly<Record<string, string>>;
  /** The client's address. */
  readonly origin: string;
  readonly url: string;
}

/** What `/post`, `/put` and their like add about the content. */
export interface Echo extends RequestFacts {
  /** The content as text; a base64 data URI if it is not text. */
  readonly data: string;
  readonly files: Values;
  readonly form: Values;
  readonly json: unknown;
}

/** A web page. */
export interface Page {
  readonly status: number;
  /** Field lines of the response: name and value, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}
