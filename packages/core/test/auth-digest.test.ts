import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digest } from "../src/auth/digest.ts";
import {
  authenticated,
  authorizations,
  digestParams,
  digestServer,
  type DigestServerOptions,
  statusOf,
} from "./support/auth.ts";
import { failure, sessionOf } from "./support/session.ts";
import { holds } from "./support/generated.ts";

const mufasa = ["Mufasa", "Circle of Life"] as const;

/** A session with Digest, and the server. */
function talk(
  server: DigestServerOptions = {},
  auth = digest(...mufasa),
): ReturnType<typeof authenticated> {
  return authenticated(auth, digestServer(server));
}

describe("digest", () => {
  for (const algorithm of ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"] as const)
    for (const qop of ["auth", "auth-int", "auth,auth-int", null]) {
      if (qop === null && algorithm.endsWith("sess")) continue;
      it(`authenticates by ${algorithm} and qop ${qop}, the second call at once`, async () => {
        const { session, transport } = talk({ algorithm, qop });
        expect(await statusOf(session, "/a?b=c")).toBe(200);
        expect(transport.arrivals).toHaveLength(2);
        expect((await session.post("/d", { body: "content" })).status).toBe(200);
        expect(transport.arrivals).toHaveLength(3);
        expect(authorizations(transport)[0]).toBeUndefined();
      });
    }

  it("counts the requests of a nonce from 1, and makes a nonce of its own for each", async () => {
    const { session, transport } = talk();
    for (const path of ["/1", "/2", "/3"]) expect(await statusOf(session, path)).toBe(200);
    const sent = authorizations(transport).slice(1).map(digestParams);
    expect(sent.map(({ nc }) => nc)).toEqual(["00000001", "00000002", "00000003"]);
    expect(new Set(sent.map(({ nonce }) => nonce))).toEqual(new Set(["nonce1"]));
    expect(new Set(sent.map(({ cnonce }) => cnonce)).size).toBe(3);
  });

  it("given to calls to however many origins remembers a hundred of them", async () => {
    const auth = digest(...mufasa);
    const { session, transport } = sessionOf(digestServer(), {
      allowOtherOrigins: true,
      throwHttpErrors: false,
    });
    const arrivalsOf = async (host: string): Promise<number> => {
      const before = transport.arrivals.length;
      expect(await statusOf(session, `https://${host}.test/`, { auth })).toBe(200);
      return transport.arrivals.length - before;
    };
    for (let i = 0; i < 101; i++) expect(await arrivalsOf(`host${i}`)).toBe(2);
    expect(await arrivalsOf("host1")).toBe(1);
    expect(await arrivalsOf("host0")).toBe(2);
  });

  it("keeps its own nonce with a -sess algorithm", async () => {
    const { session, transport } = talk({ algorithm: "MD5-sess" });
    for (const path of ["/1", "/2"]) await statusOf(session, path);
    const sent = authorizations(transport).slice(1).map(digestParams);
    expect(new Set(sent.map(({ cnonce }) => cnonce)).size).toBe(1);
  });

  it.each([{}, { nonce: "the same for all" }, { uses: 1 }, { uses: 3, nextnonce: true }])(
    "never sends a count twice, however many calls run at once: server %j",
    async (server) => {
      // The server lets in no count that it has seen.
      const { session } = talk(server);
      const calls = Array.from({ length: 40 }, (_, i) => statusOf(session, `/${i}`));
      expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
      const later = Array.from({ length: 40 }, (_, i) => statusOf(session, `/${i}`));
      expect(new Set(await Promise.all(later))).toEqual(new Set([200]));
    },
  );

  it("goes on counting a nonce that comes back after others", async () => {
    const challenge = (nonce: string): { status: number; headers: Record<string, string> } => ({
      status: 401,
      headers: { "www-authenticate": `Digest realm="r", nonce="${nonce}", qop=auth` },
    });
    const { session, transport } = authenticated(digest(...mufasa), [
      challenge("a"),
      {},
      challenge("b"),
      {},
      challenge("a"),
      {},
    ]);
    for (let i = 0; i < 3; i++) expect(await statusOf(session)).toBe(200);
    expect(
      authorizations(transport)
        .map(digestParams)
        .map(({ nonce, nc }) => nonce && `${nonce} ${Number(nc)}`),
    ).toEqual([undefined, "a 1", "a 2", "b 1", "b 2", "a 3"]);
  });

  it("answers a stale nonce with the new one", async () => {
    const { session, transport } = talk({ uses: 2 });
    for (let i = 0; i < 5; i++) expect(await statusOf(session)).toBe(200);
    const nonces = authorizations(transport).map((value) => digestParams(value)["nonce"]);
    expect(nonces).toEqual([
      ...[undefined, "nonce1", "nonce1", "nonce1", "nonce2", "nonce2", "nonce2", "nonce3"],
    ]);
  });

  it("takes the next nonce that a response names, and counts anew", async () => {
    const { session, transport } = talk({ uses: 1, nextnonce: true });
    for (let i = 0; i < 4; i++) expect(await statusOf(session)).toBe(200);
    const sent = authorizations(transport).map(digestParams);
    expect(sent.map(({ nonce, nc }) => [nonce, nc])).toEqual([
      [undefined, undefined],
      ["nonce1", "00000001"],
      ["nonce2", "00000001"],
      ["nonce3", "00000001"],
      ["nonce4", "00000001"],
    ]);
  });

  it("tries a wrong password once a call", async () => {
    const { session, transport } = talk({}, digest("Mufasa", "wrong"));
    for (let i = 1; i < 4; i++) {
      expect(await statusOf(session)).toBe(401);
      expect(authorizations(transport).filter(Boolean)).toHaveLength(i);
    }
    expect(transport.arrivals).toHaveLength(6);
  });

  it("sends once more and not again, though the server calls every nonce stale", async () => {
    let made = 0;
    const { session, transport } = authenticated(digest(...mufasa), () => ({
      status: 401,
      headers: { "www-authenticate": `Digest realm="r", nonce="${++made}", stale=TRUE` },
    }));
    for (let i = 1; i < 5; i++) {
      expect(await statusOf(session)).toBe(401);
      expect(transport.arrivals).toHaveLength(2 * i);
    }
  });

  it("takes up a server's new nonce, though it is not called stale", async () => {
    const before = digestServer();
    const after = digestServer({ nonce: "other" });
    const { session, transport } = authenticated(digest(...mufasa), (arrival) =>
      transport.arrivals.length < 3 ? before(arrival) : after(arrival),
    );
    expect(await statusOf(session)).toBe(200);
    expect(await statusOf(session)).toBe(200);
    expect(transport.arrivals).toHaveLength(4);
  });

  it("does not try again what has the same nonce and is not stale", async () => {
    const headers = { "www-authenticate": 'Digest realm="r", nonce="n", qop=auth' };
    const { session, transport } = authenticated(digest(...mufasa), [
      { status: 401, headers },
      {},
      { status: 401, headers },
    ]);
    expect([await statusOf(session), await statusOf(session)]).toEqual([200, 401]);
    expect(transport.arrivals).toHaveLength(3);
  });

  it("answers the strongest of several challenges, the first of those alike", async () => {
    const lines = [
      'Digest realm="md5", nonce="1", qop=auth, Basic realm="b", Digest realm="no", nonce="2", algorithm=SHA-512-256',
      'Digest realm="sha", nonce="3", algorithm=SHA-256, qop=auth',
      'Digest realm="later", nonce="4", algorithm=SHA-256, qop=auth',
    ];
    const { session, transport } = authenticated(digest(...mufasa), [
      { status: 401, headers: lines.flatMap((line) => ["WWW-Authenticate", line]) },
      {},
    ]);
    expect(await statusOf(session)).toBe(200);
    expect(digestParams(authorizations(transport)[1])["realm"]).toBe("sha");
  });

  it("leaves MD5 alone where that is forbidden", async () => {
    const { session, transport } = talk(
      { algorithm: "MD5" },
      digest(...mufasa, { allowMd5: false }),
    );
    expect(await statusOf(session)).toBe(401);
    expect(transport.arrivals).toHaveLength(1);
    const strong = talk({ algorithm: "SHA-256" }, digest(...mufasa, { allowMd5: false }));
    expect(await statusOf(strong.session)).toBe(200);
  });

  it("never falls back to Basic", async () => {
    const { session, transport } = authenticated(digest(...mufasa), {
      status: 401,
      headers: { "www-authenticate": 'Basic realm="r"' },
    });
    expect(await statusOf(session)).toBe(401);
    expect(authorizations(transport)).toEqual([undefined]);
  });

  it("keeps the nonces of origins apart", async () => {
    const servers = new Map(["a", "b"].map((name) => [name, digestServer({ nonce: name })]));
    const auth = digest(...mufasa);
    const { session, transport } = authenticated(
      auth,
      (arrival) => servers.get(new URL(arrival.url).hostname)?.(arrival) ?? {},
      { allowOtherOrigins: true },
    );
    for (const host of ["a", "b", "a", "b"])
      expect(await statusOf(session, `http://${host}/`, { auth })).toBe(200);
    expect(transport.arrivals).toHaveLength(6);
  });

  it("leaves other failures to the caller", async () => {
    const { session, transport } = authenticated(digest(...mufasa), {
      status: 403,
      headers: { "www-authenticate": 'Digest realm="r", nonce="n"' },
    });
    expect(await statusOf(session)).toBe(403);
    expect(transport.arrivals).toHaveLength(1);
  });

  it("does not send content again that can be sent only once, and is then ready for the next", async () => {
    const { session, transport } = talk();
    const upload = (): { body: ReadableStream<Uint8Array> } => ({ body: new Blob(["x"]).stream() });
    expect((await session.post("/", upload())).status).toBe(401);
    expect((await session.post("/", upload())).status).toBe(200);
    expect(transport.arrivals).toHaveLength(2);
  });

  it("leaves the response to the caller, whatever its challenges hold", async () => {
    const piece = fc.constantFrom(
      ...[
        "Digest ",
        'realm="r"',
        'nonce="n"',
        "qop=auth",
        "qop=",
        "algorithm=",
        "MD5",
        "stale=true",
      ],
      ...[",", " ", '"', "\\", "=", 'opaque="\xff\t"', "userhash=true", "x".repeat(100_000)],
    );
    await holds(
      100,
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const headers = [
          "www-authenticate",
          pieces.join(""),
          "authentication-info",
          pieces.join(""),
        ];
        const { session, transport } = authenticated(digest(...mufasa), [
          { status: 401, headers },
          { headers },
        ]);
        expect(await statusOf(session)).toBe(transport.arrivals.length === 1 ? 401 : 200);
        expect(await statusOf(session)).toBe(200);
      }),
    );
  });

  it.each([
    ["a line break in the user", () => digest("a\n", "b"), /user name holds a control/],
    ["a NUL in the password", () => digest("a", "b\0"), /password holds a control/],
    ["no password", () => digest("a", undefined as never), /password is undefined/],
    [
      "an unknown option",
      () => digest("a", "b", { md5: false } as never),
      /digest\.md5 is unknown/,
    ],
    [
      "an origin with a path",
      () => digest("a", "b", { origin: "http://a.test/x" }),
      /digest\.origin/,
    ],
  ])("refuses %s", async (_what, make, message) => {
    const error = await failure(make);
    expect(error.name).toBe("InvalidRequestError");
    expect(error.message).toMatch(message);
  });
});
