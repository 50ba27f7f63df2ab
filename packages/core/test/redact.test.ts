import { describe, expect, it } from "vitest";
import { bound, redactText, redactUrl } from "../src/redact.ts";

describe("redactUrl", () => {
  it.each([
    ["https://user:pass@a.test/", "https://a.test/"],
    ["https://user@a.test/", "https://a.test/"],
    ["https://a@b:c@a.test/x", "https://a.test/x"],
    ["https:user:pass@a.test/", "https://a.test/"],
    ["https:\\\\user:pass@a.test\\x", "https://a.test\\x"],
    ["\thttps://us\ner:pass@a.test/", "https://a.test/"],
    ["//user:pass@a.test/", "//a.test/"],
    ["https://a.test/@user", "https://a.test/@user"],
    ["https://a.test/?mail=a@b.c", "https://a.test/?mail=a@b.c"],
    ["https://a.test/x#token=secret", "https://a.test/x"],
  ])("takes userinfo and fragment off: case %#", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it.each([
    "token",
    "access_token",
    "api-key",
    "apikey",
    "API_KEY",
    "password",
    "x.secret",
    "sig",
    "signature",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "session",
    "code",
    "auth",
    "tokens",
    "pwd",
  ])("hides the value of %s", (name) => {
    expect(redactUrl(`http://a.test/?q=1&${name}=abc&r=2`)).toBe(
      `http://a.test/?q=1&${name}=[redacted]&r=2`,
    );
  });

  it.each(["q", "monkey", "author", "tokenizer", "page", "keyboard"])(
    "shows the value of %s",
    (name) => {
      expect(redactUrl(`http://a.test/?${name}=abc`)).toBe(`http://a.test/?${name}=abc`);
    },
  );

  it("is bounded, and fast on what is long", () => {
    for (const part of ["a", "&", "?", "=", "@", "/", "\\", "&token=", " "]) {
      expect(redactUrl(`http://a.test/?${part.repeat(50_000)}`).length).toBeLessThan(600);
      expect(redactUrl(part.repeat(50_000)).length).toBeLessThan(600);
    }
  });
});

describe("redactText", () => {
  it.each([
    ["GET http://user:pass@a.test/?key=abc failed", "GET http://a.test/?key=[redacted] failed"],
    ["from ?token=abc to &sig=def.", "from ?token=[redacted] to &sig=[redacted]"],
    ["Authorization: Bearer abc", "Authorization [redacted]"],
    ["bad set-cookie 'a=b; c'\nnext line", "bad set-cookie [redacted]\nnext line"],
    ["mail to a@b.test, see //c", "mail to a@b.test, see //c"],
  ])("hides credentials wherever they stand: %s", (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it("is fast on what is long", () => {
    for (const part of ["a", "&", "?", "=", "@", "/", "//", "\\", "&token=", " ", "cookie"]) {
      expect(redactText(part.repeat(50_000)).length).toBeGreaterThan(0);
    }
  });
});

describe("bound", () => {
  it("cuts what is too long and says how much is missing", () => {
    expect([bound("abc", 3), bound("abcd", 3)]).toEqual(["abc", "abc… (1 more)"]);
  });
});
