import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { parseChallenges } from "../src/auth/challenges.ts";
import {
  digestAnswer,
  type DigestChallenge,
  digestChallenge,
  type DigestRequest,
} from "../src/auth/digest-answer.ts";
import { requestContent } from "../src/content/request-content.ts";
import { digestParams } from "./support/auth.ts";
import { failure } from "./support/session.ts";

const challengeOf = (line: string): DigestChallenge | null => {
  const [challenge] = parseChallenges([line]);
  return challenge ? digestChallenge(challenge) : null;
};

/** The parameters of the answer to a challenge. */
async function answer(
  line: string,
  request: Partial<DigestRequest> = {},
  [user, password]: readonly [string, string] = ["Mufasa", "Circle of Life"],
): Promise<Record<string, string>> {
  const challenge = challengeOf(line);
  if (!challenge) throw new Error("the challenge cannot be answered");
  const value = await digestAnswer(challenge, user, password, {
    method: "GET",
    uri: "/dir/index.html",
    content: null,
    nonce: challenge.nonce,
    count: 1,
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    ...request,
  });
  expect(value).toMatch(/^Digest username\*?=/);
  return digestParams(value);
}

const md5 = (...parts: string[]): string => createHash("md5").update(parts.join(":")).digest("hex");

describe("answers to Digest challenges", () => {
  const shared =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

  it.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("are those of RFC 7616 §3.9.1: %s", async (algorithm, response) => {
    expect(await answer(`Digest ${shared}, algorithm=${algorithm}`)).toEqual({
      username: "Mufasa",
      realm: "http-auth@example.org",
      uri: "/dir/index.html",
      algorithm,
      nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
      nc: "00000001",
      cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
      qop: "auth",
      response,
      opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    });
  });

  it("are that of RFC 2617 §3.5", async () => {
    const { response } = await answer(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { cnonce: "0a4f113b" },
      ["Mufasa", "Circle Of Life"],
    );
    expect(response).toBe("6629fae49393a05397450978507c4ef1");
  });

  it("are that of RFC 2069 §2.4, as its errata have it, where the server knows no qop", async () => {
    const params = await answer(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      {},
      ["Mufasa", "CircleOfLife"],
    );
    expect(params["response"]).toBe("1949323746fe6a43ef61f9606e7febea");
    expect(Object.keys(params).toSorted()).toEqual([
      "nonce",
      "opaque",
      "realm",
      "response",
      "uri",
      "username",
    ]);
  });

  // What curl 7.88 answers, with a cnonce of its own.
  it.each([
    [
      1,
      'realm="r", nonce="n1", algorithm=SHA-256, qop="auth"',
      "ZmE2YzM3ZGIyODZmMTI0ODU1OGY2NzNiYzc5ODA4N2E=",
      "2d43e416a63f3356a935eb1bd256e44a47de569e004f2ff320ae611b1b9408be",
    ],
    [
      2,
      'realm="r", nonce="n1", algorithm=MD5-sess, qop="auth"',
      "YTdlZmE1ZWZjNGFiMTg4ZTdjNTJlMThiM2VlNDkxNWM=",
      "52f0c749b95358b4e0f4509a36ae7c81",
    ],
    [
      3,
      'realm="r", nonce="n1", algorithm=SHA-256-sess, qop="auth"',
      "ZWU2ZWJhZTkyZmVmYTkwZWI4N2EzZTJmYjk2MDRlYjE=",
      "c9e4f19dc6dfb29af7115386c051a9a8ec91d757d2c61aedfa4160afc4efe631",
    ],
    [4, 'realm="r", nonce="n1"', "", "8da73bc80e62c6255969c5a544523a7d"],
    [
      5,
      'realm="a \\"b\\" \\\\ c", nonce="n\\"1", qop="auth", opaque=""',
      "OGU0M2M0ODQ3MzA0NjRiM2UzNDQ5Mzg4YzFmMzQ4NjI=",
      "f297a1ebf3d8730593f585bdacedd145",
    ],
    [
      6,
      'realm="r", nonce="n1", algorithm=SHA-256, qop="auth", userhash=true',
      "ZDFjYTk2ODJiNDEwY2EzYWZlMjZlYzY2ZjBjNWRiOGE=",
      "3ac66f07fe8f644b23cf629cb2d4e94322a4bdc51036e92dd66ab8dc4d8dcc0a",
    ],
  ])("are curl's, by user and password with quotes: case %i", async (n, line, cnonce, response) => {
    const uri = `/dir/index.html?n=${n}&q=%22a`;
    const account = ['Mu"fa\\sa', 'Circle: of "Life"'] as const;
    const params = await answer(`Digest ${line}`, { uri, cnonce }, account);
    expect(params["response"]).toBe(response);
    if (n === 6) {
      expect([params["username"], params["userhash"]]).toEqual([
        "715344bbcdd01b6a2ba1fff17e3e816ce4e8ad169cb481ddf879b8644880e859",
        "true",
      ]);
    } else expect(params["username"]).toBe(account[0]);
    if (n === 5) expect([params["realm"], params["nonce"]]).toEqual(['a "b" \\ c', 'n"1']);
  });

  it("write a name beyond ASCII as RFC 7616 §3.4 says, and hash it in UTF-8, composed", async () => {
    const line = 'Digest realm="r", nonce="n", qop=auth, charset=UTF-8';
    const name = "J\xe4s\xf8n (o'Doe*)";
    const params = await answer(line, { cnonce: "c" }, [name.normalize("NFD"), "Secret, or not?"]);
    expect(params).not.toHaveProperty("username");
    expect(params["username*"]).toBe("UTF-8''J%C3%A4s%C3%B8n%20%28o%27Doe%2a%29");
    const secret = md5(name, "r", "Secret, or not?");
    expect(params["response"]).toBe(
      md5(secret, "n", "00000001", "c", "auth", md5("GET", "/dir/index.html")),
    );
  });

  it("hand the octets of a realm back as they came, and hash them", async () => {
    const realm = Buffer.from("caf\xe9").toString("latin1");
    const utf8 = Buffer.from("café").toString("latin1");
    for (const octets of [realm, utf8]) {
      const params = await answer(`Digest realm="${octets}", nonce="n"`);
      const secret = createHash("md5")
        .update(Buffer.from(`Mufasa:${octets}:Circle of Life`, "latin1"))
        .digest("hex");
      expect(params["realm"]).toBe(octets);
      expect(params["response"]).toBe(md5(secret, "n", md5("GET", "/dir/index.html")));
    }
  });

  it("count in eight hexadecimal digits", async () => {
    const { nc } = await answer('Digest realm="r", nonce="n", qop=auth', { count: 0x1f });
    expect(nc).toBe("0000001f");
  });

  it("take the algorithm as it was written, in any case", async () => {
    const params = await answer(
      'Digest realm="r", nonce="n", qop="AUTH", algorithm="sha-256-SESS"',
    );
    expect([params["algorithm"], params["qop"]]).toEqual(["sha-256-SESS", "auth"]);
  });

  it("keep the session's secret of a -sess algorithm when the nonce is a later one", async () => {
    const line = 'Digest realm="r", nonce="first", qop=auth, algorithm=MD5-sess';
    const { response } = await answer(line, { nonce: "next", cnonce: "c", count: 2 });
    const secret = md5(md5("Mufasa", "r", "Circle of Life"), "first", "c");
    expect(response).toBe(
      md5(secret, "next", "00000002", "c", "auth", md5("GET", "/dir/index.html")),
    );
  });

  it("hash the content where the server wants nothing less", async () => {
    const chunks = (): AsyncIterable<string> =>
      (async function* () {
        yield "con";
        yield "tent";
      })();
    for (const body of [
      "content",
      new TextEncoder().encode("content"),
      new Blob(["con", "tent"]),
      chunks,
      async () => await Promise.resolve(new Blob(["content"]).stream()),
    ]) {
      const content = requestContent({ body }) ?? null;
      const params = await answer('Digest realm="r", nonce="n", qop=auth-int', {
        method: "POST",
        content,
        cnonce: "c",
      });
      expect(params["qop"]).toBe("auth-int");
      expect(params["response"]).toBe(
        md5(
          md5("Mufasa", "r", "Circle of Life"),
          ...["n", "00000001", "c", "auth-int"],
          md5("POST", "/dir/index.html", md5("content")),
        ),
      );
    }
    const { response } = await answer('Digest realm="r", nonce="n", qop=auth-int', { cnonce: "c" });
    const asked = md5("GET", "/dir/index.html", md5(""));
    expect(response).toBe(
      md5(md5("Mufasa", "r", "Circle of Life"), "n", "00000001", "c", "auth-int", asked),
    );
  });

  it("refuse to hash content that can be had only once, and say what to do", async () => {
    const content = requestContent({ body: new Blob(["x"]).stream() }) ?? null;
    const error = await failure(
      answer('Digest realm="r", nonce="n", qop=auth-int', { method: "POST", content }),
    );
    expect(error.code).toBe("ERR_INVALID_CONTENT");
    expect(error.message).toMatch(/qop=auth-int.*as a function that makes it anew/);
    const { qop } = await answer('Digest realm="r", nonce="n", qop="auth-int, auth"', { content });
    expect(qop).toBe("auth");
  });
});

describe("Digest challenges that cannot be answered", () => {
  it.each([
    'Basic realm="r", nonce="n"',
    'Digest realm="r"',
    'Digest nonce="n"',
    "Digest",
    "Digest abc==",
    'Digest realm="r", nonce="n", algorithm=SHA-512-256',
    'Digest realm="r", nonce="n", algorithm=MD4',
    'Digest realm="r", nonce="n", algorithm=""',
    'Digest realm="r", nonce="n", algorithm=MD5-sess',
    'Digest realm="r", nonce="n", qop="auth-conf"',
    'Digest realm="r", nonce="n", qop=""',
  ])("are passed over: %s", (line) => {
    expect(challengeOf(line)).toBeNull();
  });

  it("include those of SHA-256 where the platform has no web cryptography for it", () => {
    const line = 'Digest realm="r", nonce="n", algorithm=';
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    expect(challengeOf(`${line}SHA-256`)).toBeNull();
    expect(challengeOf(`${line}MD5`)).not.toBeNull();
  });
});
