import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CookieFileError, loadFrom, saveTo } from "../src/file.ts";
import { cookieJar, type Jar } from "../src/index.ts";
import { answer, sent } from "./support/exchange.ts";

const url = "https://a.test/";
let folder = "";
let path = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cookies-"));
  path = join(folder, "jar.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function filled(value = "1"): Jar {
  const jar = cookieJar();
  void answer(
    jar,
    url,
    `kept=${value}; Max-Age=1000`,
    "shared=2; Max-Age=1000; Domain=a.test",
    "session=3",
  );
  return jar;
}

describe("a file of cookies", () => {
  it("holds those that outlive the session, and the others if asked to", async () => {
    const jar = filled();
    await saveTo(jar, path);
    const loaded = await loadFrom(path);
    expect(sent(loaded, url)).toBe("kept=1; shared=2");
    expect(sent(loaded, "https://x.a.test/")).toBe("shared=2");
    await saveTo(jar, path, { sessionCookies: true });
    expect(await (await loadFrom(path)).all()).toEqual(await jar.all());
  });

  it("is JSON, for the owner alone, replaced as a whole", async () => {
    await saveTo(filled(), path);
    const before = await stat(path);
    expect(before.mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ version: 1 });
    await chmod(path, 0o644);
    await saveTo(filled("new"), path);
    const after = await stat(path);
    expect(after.mode & 0o777).toBe(0o600);
    expect(after.ino).not.toBe(before.ino);
    expect(await readdir(folder)).toEqual(["jar.json"]);
  });

  it("is whole whoever reads it meanwhile, and whoever else writes", async () => {
    await saveTo(filled("0"), path);
    const writes = Array.from({ length: 20 }, (_, i) => saveTo(filled(String(i)), path));
    const reads = Array.from({ length: 20 }, async () => sent(await loadFrom(path), url));
    for (const field of await Promise.all(reads)) expect(field).toMatch(/^kept=\d+; shared=2$/);
    await Promise.all(writes);
    expect(await readdir(folder)).toEqual(["jar.json"]);
  });

  it("that is not there is an empty jar, with the options", async () => {
    const jar = await loadFrom(path, { maxCookiesPerDomain: 1 });
    void answer(jar, url, "a=1", "b=2");
    expect(sent(jar, url)).toBe("b=2");
    expect(await readdir(folder)).toEqual([]);
  });

  it("is taken with the options of the jar", async () => {
    await saveTo(filled(), path);
    const loaded = await loadFrom(path, { maxCookiesPerDomain: 1 });
    void answer(loaded, url, "b=2");
    expect(sent(loaded, url)).toBe("shared=2; b=2");
    await expect(loadFrom(path, { maxCookies: 0 })).rejects.toThrow(/maxCookies/);
  });

  it("that holds something else is neither loaded nor lost", async () => {
    const contents = [
      "",
      "s3cret",
      '{"version":1,"cookies":[{"name":"s3cret"',
      "[]",
      '{"version":1,"cookies":[{"value":"s3cret"}]}',
      '{"version":9,"cookies":[]}',
      "\u0000\u0001",
    ];
    for (const content of contents) {
      await writeFile(path, content);
      for (const attempt of [() => loadFrom(path), () => saveTo(filled(), path)]) {
        const error = await attempt().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(CookieFileError);
        expect((error as CookieFileError).path).toMatch(/jar\.json$/);
        expect((error as Error).message).toMatch(
          /does not hold a cookie jar, and was left as it is/,
        );
        expect(inspect(error)).not.toContain("s3cret");
      }
      expect(await readFile(path, "utf8")).toBe(content);
      expect(await readdir(folder)).toEqual(["jar.json"]);
    }
  });

  it("stays where it is when a link leads to it", async () => {
    await mkdir(join(folder, "real"));
    const real = join(folder, "real", "jar.json");
    await saveTo(filled("0"), real);
    await symlink(real, path);
    await saveTo(filled("1"), path);
    expect(sent(await loadFrom(real), url)).toMatch(/^kept=1/);
    expect(await readdir(join(folder, "real"))).toEqual(["jar.json"]);
  });

  it("that cannot be written leaves nothing behind", async () => {
    await expect(saveTo(filled(), join(folder, "none", "jar.json"))).rejects.toThrow(/ENOENT/);
    await mkdir(path);
    await expect(saveTo(filled(), path)).rejects.toThrow(/EISDIR/);
    await expect(loadFrom(path)).rejects.toThrow(/EISDIR/);
    expect(await readdir(folder)).toEqual(["jar.json"]);
  });

  it("is not for jars whose cookies are in a store", async () => {
    const store = { read: () => [], write: () => undefined, sites: () => [] };
    await expect(saveTo(cookieJar({ store }), path)).rejects.toThrow(/in a store/);
    expect(await readdir(folder)).toEqual([]);
  });
});
