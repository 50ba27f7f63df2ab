/* A record of any size for the tests of reports: every outcome, and what a hostile case could say. */

import { fullCapabilities } from "@anyhttp/core";
import type { Ledger } from "../../src/case/ledger.ts";
import type { CaseRecord, CellRecord, RunRecord, SuiteRecord } from "../../src/report/record.ts";
import { count, type Outcome } from "../../src/run/outcome.ts";

/** Ends script elements, comments and attributes, and opens elements, if anything lets it. */
export const hostile = `</script><!--<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u2028&amp;`;

const areas = [
  "session/redirect",
  "session/timeout",
  "transport/framing",
  "transport/target",
  "probe/trailers",
];
const levels = ["must", "should", "may", "must"] as const;
const libraries = ["undici", "axios", "node-fetch", "fetch"];

/** Cases × subjects; most cells pass. */
export function sampleRecord(cases: number, subjects: number): SuiteRecord {
  const all = Array.from({ length: cases }, (_, index) => sampleCase(index)).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const runs = Array.from({ length: subjects }, (_, index) => sampleRun(index, all));
  const totals = count(
    runs.flatMap(({ cells }) => Object.values(cells).map(({ outcome }) => outcome)),
  );
  return { suite: { revision: "1f0c2ab4", cases: all }, runs, totals, ok: totals.fail === 0 };
}

function sampleCase(index: number): CaseRecord {
  const area = areas[index % areas.length] ?? "";
  const probe = area.startsWith("probe");
  return {
    id: `${area}/a-case-that-shows-number-${String(index).padStart(4, "0")}`,
    area,
    title: `a response to request ${index} is delivered whole, however its content is framed${index === 0 ? hostile : ""}`,
    level: probe ? "probe" : (levels[index % levels.length] ?? "must"),
    spec: index % 3 === 0 ? ["RFC 9112 §7.1", "WHATWG Fetch §4.4"] : ["RFC 9110 §15.4.4"],
    catalogue: index % 4 === 0 ? ["V-RED-01"] : [],
    requires: index % 5 === 0 ? { redirects: "visible" } : {},
    hint: "check that the last chunk ends the content",
  };
}

function sampleRun(index: number, cases: readonly CaseRecord[]): RunRecord {
  const name = libraries[index % libraries.length] ?? "";
  const cells = Object.fromEntries(cases.map(({ id }, at) => [id, sampleCell(at, index, id)]));
  const lesser = {
    redirects: "opaque",
    contentCoding: "decoded",
    fieldLines: "combined",
    tls: "ambient",
  } as const;
  return {
    subject: {
      name,
      version: "0.1.0",
      library: name === "fetch" ? null : { name, version: "8.1.0" },
    },
    runtime:
      index < libraries.length
        ? { name: "node", version: "24.11.1" }
        : { name: "bun", version: "1.3.2" },
    capabilities: name === "fetch" ? { ...fullCapabilities, ...lesser } : fullCapabilities,
    cells,
    problems:
      index === 3 ? [`stale known failure session/redirect/x: it passes now ${hostile}`] : [],
    totals: count(Object.values(cells).map(({ outcome }) => outcome)),
  };
}

function sampleOutcome(at: number, subject: number): Outcome {
  const draw = (at * 7 + subject * 13) % 97;
  if (draw === 3) return "fail";
  if (draw === 5) return "known-failure";
  if (draw === 11) return "not-applicable";
  if (draw === 23 && at % 5 === 0) return "setup-error";
  return draw === 31 && at % 5 === 1 ? "harness-error" : "pass";
}

function sampleCell(at: number, subject: number, id: string): CellRecord {
  const outcome = sampleOutcome(at, subject);
  const failed = outcome === "fail" || outcome === "known-failure";
  const content = `hello ${at === 0 ? hostile : "wörld"}\r\nof bytes`;
  const { error } = sampleError;
  return {
    outcome,
    judged:
      outcome === "not-applicable"
        ? "none"
        : subject === 3 && at % 5 === 0
          ? "otherwise"
          : "expect",
    failures: failed
      ? [
          `status: expected 200, got 303 ${at === 0 ? hostile : ""}`,
          'header location: expected "b", got nothing',
        ]
      : [],
    observations: [
      failed ? { method: "GET", after: 312.4, error } : { ...sampleResponse, content },
    ],
    ledger: outcome === "not-applicable" ? null : sampleLedger,
    known:
      outcome === "known-failure"
        ? {
            case: id,
            reason: "The library joins the lines.",
            upstream: "https://github.com/example/library/issues/1",
          }
        : null,
    duration: 14.2 + at,
  };
}

const sampleResponse = {
  method: "POST",
  status: 200,
  statusText: "OK",
  ok: true,
  url: "{main}b",
  redirected: true,
  httpVersion: "1.1",
  headers: [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ],
  trailers: [["Digest", "sha-256=abc"]],
  history: [{ status: 303, url: "{main}a" }],
  after: 12.345,
} as const;

const sampleError = {
  error: {
    http: true,
    name: "TimeoutError",
    code: "ERR_TIMEOUT_RESPONSE",
    message:
      "GET {main}a: no response within 300 ms (ERR_TIMEOUT_RESPONSE). Raise timeout.response.",
    phase: "response",
    requestSent: "yes",
    retryable: true,
    attempt: 1,
    fields: { limit: 300, elapsed: 301.2 },
    cause: "Error: socket hang up",
  },
} as const;

const sampleHead = "POST /r1/a HTTP/1.1\r\nHost: {main.host}\r\nContent-Length: 1\r\n\r\n";

const sampleLedger: Ledger = {
  arrivals: [
    {
      connection: 1,
      door: "main",
      method: "POST",
      target: "{main.path}a",
      path: "a",
      version: "1.1",
      fields: [
        ["Host", "{main.host}"],
        ["Content-Length", "1"],
        ["Accept-Encoding", "gzip, deflate, br, zstd"],
      ],
      head: sampleHead,
      framing: "length",
      content: "x\0\xff",
      contentLength: 3,
      filler: false,
      decoded: null,
      trailers: [],
      complete: true,
      faults: [],
      scripted: true,
    },
  ],
  connections: [
    {
      number: 1,
      door: "main",
      tls: null,
      servername: null,
      requests: 2,
      received: 214,
      sent: 1208,
      closed: "client-fin",
    },
  ],
  wire: [
    { at: 0.812, connection: 1, what: "open", detail: "main", size: 0 },
    { at: 1.304, connection: 1, what: "received", detail: sampleHead, size: sampleHead.length },
    {
      at: 1.9,
      connection: 1,
      what: "sent",
      detail: "HTTP/1.1 303 See Other\r\nlocation: b\r\ncontent-length: 0\r\n\r\n",
      size: 57,
    },
    {
      at: 3.2,
      connection: 1,
      what: "sent",
      detail: `HTTP/1.1 200 OK\r\n\r\n${"\x1f\x8b\x08\0".repeat(40)}`,
      size: 1151,
    },
    { at: 9.75, connection: 1, what: "closed", detail: "client-fin", size: 0 },
  ],
};
