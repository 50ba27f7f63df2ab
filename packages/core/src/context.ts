/* What calls carry for middleware: the application's to define. */

/**
 * What a session and its calls pass along for middleware; never sent. Applications say what there is by declaration
 * merging, so that it is checked where it is passed and typed where it is read.
 *
 * @example
 * ```ts
 * declare module "@anyhttp/core" {
 *   interface Context {
 *     readonly tenant?: string;
 *   }
 * }
 * ```
 */
export interface Context {
  readonly [name: string]: unknown;
}
