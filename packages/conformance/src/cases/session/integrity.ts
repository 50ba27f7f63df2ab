/* Digests that content has to have (ids `session/integrity/…`). */

import {
  call,
  type Case,
  close,
  content,
  defineCase,
  expects,
  head,
  oneOf,
  read,
  respond,
  respondChunked,
  sequence,
} from "../../case.ts";
import { coded, text } from "./coded-content.ts";
import { type Mode, modes, readInHalves } from "./reading-modes.ts";

const nothing = (): void => undefined;
/** Of `content`, of nothing, and of the text of the codings. */
const right = "sha256-7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=";
const right384 = "sha384-VAbr6hYY6bc6cpDF1xbwtHtPH7xdjF54yQEKPgHBjYWUqpQuNTb34BV0JF00ZHUj";
const right512 =
  "sha512-stHShbUZnIX5iNA2ScN+RP093gHl1pxQ/vkGUZYvSBEOk0C2DUmkecTAtT9fB9aQaG3YfSSBk3pRLouF7nxhfw==";
const ofNothing = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const ofText = "sha256-76QRVCa9jiFZAxQamjRanb28MYoYcZkwVpc4qGSb9mc=";
const wrong = ofNothing;
const wrong512 = right512.replace("stHS", "stHT");
const mismatch = {
  name: "ContentError",
  code: "ERR_CONTENT_INTEGRITY",
  phase: "read",
  requestSent: "yes",
  retryable: false,
} as const;
const fits = { status: 200, content: "content" };
const whole = respond(200, [], "content");
/** A mode that is handed nothing before all of it has been checked. */
const patient = (mode: Mode): Mode => ({ ...mode, early: [] });

/** One call with this integrity, and what it must come to. */
function one(name: string, title: string, integrity: string, good: boolean): Case {
  return defineCase({
    id: `session/integrity/${name}`,
    title,
    level: "must",
    spec: ["W3C SRI §3.3"],
    catalogue: ["V-XS-03"],
    origin: [whole],
    perform: call("GET", "a", { integrity }),
    expect: good ? fits : { status: 200, error: mismatch },
    hint: "check which digests count, and that they do",
  });
}

/** Cases of `session/integrity`. */
export const integrityCases: readonly Case[] = [
  ...modes.map((mode) =>
    defineCase({
      id: `session/integrity/mismatch-read-as-${mode.name}`,
      title: `content of another digest must fail the reader ${mode.name} before anything is handed over`,
      level: "must",
      spec: ["W3C SRI §3.3"],
      catalogue: ["V-XS-03"],
      origin: [respondChunked(200, [["content-type", mode.type]], mode.halves), respond(200, [], "next")],
      async perform(kit) {
        const seen = await readInHalves(kit, patient(mode), nothing, { integrity: wrong });
        return [seen, await kit.call(call("GET", "b"))];
      },
      expect: {
        calls: [{ status: 200, error: mismatch }, { status: 200, content: "next" }],
        facts: { handed: oneOf([], "") },
      },
      hint: "check that streamed content waits until all of it was checked",
    }),
  ),
  one("sha-256", "content must be read that has the SHA-256 digest of integrity", right, true),
  one("sha-384", "content must be read that has the SHA-384 digest of integrity", right384, true),
  one("sha-512", "content must be read that has the SHA-512 digest of integrity", right512, true),
  one("upper-case", "the name of an algorithm must be known in any case", right.replace("sha", "SHA"), true),
  one("one-of-several", "one digest of several of an algorithm must be enough", `${wrong} ${right}`, true),
  one("strongest-decides", "the strongest algorithm must decide, and pass over weaker ones that do not fit", `${wrong} ${right512} ${right384}`, true),
  one("weaker-does-not-help", "a weaker digest that fits must not help", `${right} ${right384} ${wrong512}`, false),
  one("unknown-beside-known", "an unknown algorithm beside a known one must be passed over", `md5-abc ${wrong}`, false),
  one("options-of-digests", "options behind a digest must be passed over", `${right}?ct=text/plain`, true),
  defineCase({
    id: "session/integrity/pieces-of-what-fits",
    title: "content that fits must be handed over in every mode, its type aside",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: Array.from({ length: 6 }, () => respondChunked(200, [], ["con", "tent"])),
    perform: [read.text, read.bytes, read.arrayBuffer, read.blob, read.pieces, read.lines].map((reader) =>
      call("GET", "a", { integrity: right }, reader),
    ),
    expect: {
      calls: ["content", "content", "content", "content", "content", ["content"]].map((got) => ({ status: 200, content: got })),
    },
    hint: "check that what was checked is what is handed over",
  }),
  defineCase({
    id: "session/integrity/tampered",
    title: "content with one octet more, less or other must be an error",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: ["content\n", "conten", "Content", ""].map((altered) => respond(200, [], altered)),
    perform: Array.from({ length: 4 }, () => call("GET", "a", { integrity: right }, read.bytes)),
    expect: { calls: Array.from({ length: 4 }, () => ({ status: 200, error: mismatch })) },
    hint: "check that the digest is of all octets",
  }),
  defineCase({
    id: "session/integrity/of-nothing",
    title: "content of no octets must have the digest of none",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: [respond(200), respond(204), respond(200)],
    perform: [
      call("GET", "a", { integrity: ofNothing }),
      call("GET", "a", { integrity: ofNothing }),
      call("GET", "a", { integrity: right }),
    ],
    expect: {
      calls: [{ status: 200, content: "" }, { status: 204, content: "" }, { status: 200, error: mismatch }],
    },
    hint: "check that no content is not taken for any content",
  }),
  defineCase({
    id: "session/integrity/of-decoded-content",
    title: "the digest must be that of the content, decoded",
    level: "must",
    spec: ["W3C SRI §3.3"],
    catalogue: ["V-XS-03"],
    origin: [
      respond(200, [["content-encoding", "gzip"]], coded.gzip),
      respond(200, [["content-encoding", "gzip"]], coded.gzip),
    ],
    perform: [call("GET", "a", { integrity: ofText }), call("GET", "a", { integrity: right })],
    expect: { calls: [{ status: 200, content: text }, { status: 200, error: mismatch }] },
    hint: "check that content codings are undone first",
  }),
  defineCase({
    id: "session/integrity/behind-a-redirect",
    title: "the content behind a redirect must have the digest, and that of the redirect need not",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: [respond(302, [["location", "b"]], "elsewhere"), whole, respond(302, [["location", "b"]], "content"), respond(200, [], "other")],
    perform: [call("GET", "a", { integrity: right }), call("GET", "a", { integrity: right })],
    expect: { calls: [fits, { status: 200, error: mismatch }] },
    hint: "check that the last response is what is checked",
  }),
  defineCase({
    id: "session/integrity/broken-off",
    title: "content that breaks off must be told as such, and not as content of another digest",
    level: "must",
    catalogue: ["V-XS-03"],
    requires: { failureDetail: "phased" },
    otherwise: expects({ status: 200, error: { code: oneOf("ERR_NETWORK", "ERR_CONTENT_TRUNCATED") } }),
    origin: [sequence(head(200, [["content-length", "10"]]), content("content"), close())],
    perform: call("GET", "a", { integrity: right }, read.pieces),
    expect: { status: 200, error: { code: "ERR_CONTENT_TRUNCATED" } },
    hint: "check that only whole content is checked",
  }),
  defineCase({
    id: "session/integrity/of-an-error",
    title: "integrity must not hide a status, nor the content that came with it",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: [respond(404, [], "not found"), respond(404, [], "not found")],
    async perform(kit) {
      const seen = await kit.call(call("GET", "a", { integrity: right }));
      const { response } = (seen.error as { error: { response: Response } }).error;
      kit.note("content", await response.text());
      return [seen, await kit.call(call("GET", "a", { integrity: right, throwHttpErrors: false }))];
    },
    expect: {
      calls: [{ status: 404, error: { code: "ERR_STATUS" } }, { status: 404, error: mismatch }],
      facts: { content: "not found" },
    },
    hint: "check that only content that the caller may take for the right one is checked",
  }),
  defineCase({
    id: "session/integrity/is-not-tried-again",
    title: "content of another digest must not be asked for again",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: [respond(200, [], "other")],
    perform: call("GET", "a", { integrity: right, retry: { attempts: 3, backoff: 1 } }),
    expect: { status: 200, error: mismatch, arrivals: 1 },
    hint: "check that a mismatch is final",
  }),
  defineCase({
    id: "session/integrity/refused",
    title: "integrity that protects nothing must be refused, and nothing sent",
    level: "must",
    catalogue: ["V-XS-03"],
    origin: [],
    perform: ["", " ", "md5-abcd", "sha1-C5y/3cxeS4HcE2m2nN0RX3ZSZ1I=", "sha256-bad", "sha256-", "sha256", `${right} x`, `${right},${right}`, right.slice(7), right.replace("256", "512"), "constructor-a", 5, null, [right], {}].map(
      (integrity) => call("GET", "a", { integrity }),
    ),
    expect: {
      calls: Array.from({ length: 16 }, () => ({
        error: { name: "InvalidRequestError", code: "ERR_INVALID_OPTION", requestSent: "no" },
      })),
      arrivals: [],
    },
    hint: "check that a misspelt digest is no digest that fits everything",
  }),
]; // prettier-ignore
