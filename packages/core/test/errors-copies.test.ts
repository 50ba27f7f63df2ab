/* Guards between copies of the package: an application may hold several, and each has to know the others' errors. */

import { readdirSync, readFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { afterAll, describe, expect, it, vi } from "vitest";
import * as own from "../src/index.ts";
import { sessionOf } from "./support/session.ts";

type Core = typeof own;

const sources = join(import.meta.dirname, "../src");
const built = mkdtempSync(join(tmpdir(), "anyhttp-copy-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** A copy as it is published: JavaScript, at another place. */
async function builtCopy(): Promise<Core> {
  for (const name of readdirSync(sources, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const to = join(built, name.replace(/ts$/, "js"));
    const text = stripTypeScriptTypes(readFileSync(join(sources, name), "utf8"));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
  writeFileSync(join(built, "package.json"), '{"type":"module"}');
  return (await import(/* @vite-ignore */ pathToFileURL(join(built, "index.js")).href)) as Core;
}

async function secondCopy(): Promise<Core> {
  vi.resetModules();
  return await import("../src/index.ts");
}

const codes = Object.keys(own.errorCodes) as own.ErrorCode[];
const classOf = (core: Core, kind: own.ErrorKind): typeof own.HttpError => core[kind];

describe.each([
  ["built", await builtCopy()],
  ["loaded twice", await secondCopy()],
])("a copy that is %s", (_, copy) => {
  it("is one of its own", () => {
    expect(copy.HttpError).not.toBe(own.HttpError);
    expect(Object.keys(copy).toSorted()).toEqual(Object.keys(own).toSorted());
  });

  it.each([
    ["here", "there", own, copy],
    ["there", "here", copy, own],
  ])("lets guards %s know errors made %s", (_where, _made, guarding, making) => {
    for (const code of codes) {
      const [kind] = own.errorCodes[code];
      const error = making.httpError(code);
      expect(Object.getPrototypeOf(error)).not.toBe(classOf(guarding, kind).prototype);
      expect([
        guarding.isHttpError(error),
        error instanceof guarding.HttpError,
        error instanceof classOf(guarding, kind),
        error instanceof guarding.ConnectionError,
      ]).toEqual([true, true, true, error instanceof making.ConnectionError]);
    }
    const error = making.httpError("ERR_DNS_FAILED");
    expect(error instanceof guarding.TlsError).toBe(false);
    expect(guarding.isHttpError(new Error("other"))).toBe(false);
  });

  it("passes errors of a transport of the other copy on, named and printed as its own", async () => {
    const error = copy.httpError("ERR_CONNECT_REFUSED", { cause: new Error("token=hunter2") });
    const call = sessionOf({ error }).session.post("?token=hunter2", { json: {} });
    await expect(call).rejects.toBe(error);
    expect(error.request).toEqual({ method: "POST", url: "http://origin.test/?token=[redacted]" });
    expect(error.retryable).toBe(true);
    for (const print of [error.message, JSON.stringify(error), inspect(error)])
      expect(print).not.toContain("hunter2");
  });
});
