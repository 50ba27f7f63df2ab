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
    "accessToken",
    "csrftoken",
    "X-Amz-Security-Token",
    "api-key",
    "apikey",
    "apiKey",
    "API_KEY",
    "key",
    "private_key",
    "password",
    "passwd",
    "user[password]",
    "auth[token]",
    "x.secret",
    "clientSecret",
    "client_assertion",
    "sig",
    "signature",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "hmac",
    "session",
    "sessionId",
    "PHPSESSID",
    "sid",
    "code",
    "otp",
    "jwt",
    "auth",
    "tokens",
    "pwd",
    "t%6Fken",
    "user%5Bpassword%5D",
    "access%255Ftoken",
  ])("hides the value of %s", (name) => {
    expect(redactUrl(`http://a.test/?q=1&${name}=abc&r=2`)).toBe(
      `http://a.test/?q=1&${name}=[redacted]&r=2`,
    );
  });

  it.each(["q", "monkey", "author", "tokenizer", "page", "keyboard", "passenger", "zipcode"])(
    "shows the value of %s",
    (name) => {
      expect(redactUrl(`http://a.test/?${name}=abc`)).toBe(`http://a.test/?${name}=abc`);
    },
  );

  it.each([
    ["/?back=https://b.test/?token=abc&r=2", "/?back=[redacted]&r=2"],
    ["/?back=https%3A%2F%2Fb.test%2F%3Ftoken%3Dabc&r=2", "/?back=[redacted]&r=2"],
    ["/?back=https%253A%252F%252Fb.test%252F%253Fapi_key%253Dabc", "/?back=[redacted]"],
    ["/?back=https%3A%2F%2Fuser%3Aabc%40b.test%2F", "/?back=[redacted]"],
    ["/https://user:abc@b.test/", "/https://b.test/"],
    ["/x;jsessionid=abc", "/x;jsessionid=[redacted]"],
    ["/?header=Authorization%3A+Bearer+abc", "/?header=[redacted]"],
    ["/?token=a b c&r=2", "/?token=[redacted]&r=2"],
    ["/?back=https%3A%2F%2Fb.test%2F%3Fpage%3D2", "/?back=https%3A%2F%2Fb.test%2F%3Fpage%3D2"],
    ["/?topic=cookie&level=basic", "/?topic=cookie&level=basic"],
  ])("looks into what a URL holds: %s", (path, shown) => {
    expect(redactUrl(`https://a.test${path}`)).toBe(`https://a.test${shown}`);
  });

  it.each(["http://auth:8080/token", "https://session.test:8443/key:1/a", "http://token/x"])(
    "shows hosts, ports and paths: %s",
    (url) => {
      expect(redactUrl(url)).toBe(url);
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
    ["connect to http://auth:8080/x failed", "connect to http://auth:8080/x failed"],
    ["x-api-key: abc, x-b: c", "x-api-key: [redacted] x-b: c"],
    ['{"password":"a b","id":1}', '{"password":[redacted],"id":1}'],
    ["clientSecret = 'a b' is bad", "clientSecret = [redacted] is bad"],
    ["Unexpected token '<'", "Unexpected token '<'"],
    ["Request failed with status code 404", "Request failed with status code 404"],
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

  it.each(["\u0001", "語", "😀", "\ud800"])("goes by the bytes in JSON: %j", (text) => {
    const cut = bound(text.repeat(1000), 600);
    expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThan(640);
    expect(cut.length).toBeGreaterThan(90);
  });
});
