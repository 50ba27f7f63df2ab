/* All that a case file imports: the schema, the origin's verbs, calls, readers and matchers. */

export * from "./case/bytes.ts";
export * from "./case/case.ts";
export * from "./case/doors.ts";
export * from "./case/form-parts.ts";
export type * from "./case/expectation.ts";
export * from "./case/fetching.ts";
export type * from "./case/ledger.ts";
export * from "./case/matchers.ts";
export * from "./case/perform.ts";
export * from "./case/script.ts";
