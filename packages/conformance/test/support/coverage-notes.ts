/* What the suite does not cover of the fault catalogue, or not by a case: by entry, each with the reason. */

/** The groups whose every entry has a case or a note. */
export const coveredGroups: readonly string[] = [
  "Redirect credential safety",
  "URL handling and SSRF",
  "Response parsing and framing",
  "Connection pool isolation",
  "Prototype pollution",
  "Request injection",
  "Request framing (client-made smuggling)",
  "Multipart and form encoding",
  "Resource exhaustion",
  "Process safety and leaks",
  "Connect and DNS",
  "Sending the request",
  "Waiting for headers",
  "Reading the body",
  "Timeouts",
  "Retry",
  "Cancellation",
  "Pool and concurrency",
  "Lifecycle",
];

/** Entries of other groups that are held to the same. */
export const coveredEntries: readonly string[] = [
  "V-XS-01",
  "V-XS-02",
  "V-XS-03",
  "V-AU-01",
  "V-CK-01",
  "V-CK-02",
  "V-CK-03",
  "V-CK-05",
];

/** Notes by entry. */
export const notes: Readonly<Record<string, readonly string[]>> = {
  "V-RED-01": [
    "What `tls` says of a transport holds for every origin that it connects to: a client certificate for one origin alone needs a transport of its own.",
  ],
  "V-URL-03": ["not offered: placeholders in paths."],
  "V-URL-04": [
    "`socketPath` is the whole transport's, whatever the URL: a redirect cannot choose a socket, nor leave it. The origin has no such door.",
  ],
  "V-URL-05": ["not offered yet: an address guard."],
  "V-POOL-03": [
    "TLS options are a transport's, so those of one call cannot differ from those of another on it.",
  ],
  "V-POOL-04": ["Tickets of proxies: not offered yet."],
  "V-POOL-05": ["not offered yet: proxies. Nothing is coalesced or kept."],
  "V-AU-01": [
    "A challenge of 1 MB is held to 64 kB by the tests of core: more does not fit into a head of 16 KiB.",
    "not offered yet: proxies, and so no 407.",
  ],
  "V-CK-01": [
    "Which cookies belong to which URL is the jar's alone, on whatever transport: `scope.test.ts` of cookies.",
  ],
  "V-CK-02": [
    "The host-only flag, lifetimes and hostile files are the jar's alone: `file.test.ts` and `scope.test.ts` of cookies.",
  ],
  "V-CK-03": [
    "`Secure`, prefixes and SameSite are the jar's alone: `secure.test.ts` of cookies.",
    "not offered yet: proxies.",
  ],
  "V-CK-05": [
    "What a jar keeps and how long its field may be are the jar's alone: `limits.test.ts` of cookies, with ten thousand cookies in one response.",
  ],
  "V-PP-02": [
    "`get`, `set`, `timeout`, `signal` and an iterator in Object.prototype end Node's own sockets and streams, whoever uses them: no cases.",
  ],
  "V-XS-01": ["No such header is made by the session; libraries' own are switched off."],
  "V-RSP-03": [
    "NUL in a trailer and bare LF are refused as broken framing; a bare LF that ends a head may be read or refused.",
  ],
  "V-RSP-04": ["The limits on trailers are those of a head; the code is that of broken framing."],
  "V-DOS-01": [
    "Peak memory is judged by the soak test, not by cases: the runner and the subject share a process.",
  ],
  "V-DOS-02": [
    "not offered yet: a cap on request content; `data:` URLs and HTTP/2 are refused or absent.",
  ],
  "V-DOS-06": ["Held to 6 kB instead of 100 kB: more does not fit into a head of 16 KiB."],
  "V-DOS-08": ["not offered yet: HTTP/2."],
  "V-LK-01": [
    "Every case runs with listeners for what nobody handles; see the runner's invariants in README.md.",
    "not offered yet: HTTP/2.",
  ],
  "V-LK-03": [
    "A response that is garbage-collected unread is found with `onLeak`: `leaks.test.ts` of core, in a process that collects garbage.",
  ],
  "F-CON-03": [
    "Closing a connection that is half open is seen by nobody: its peer has not accepted it.",
  ],
  "F-CON-07": ["not offered yet: proxies."],
  "F-REQ-01": [
    "Within a head by the length of it: one that no buffer holds, to a peer that reads nothing.",
  ],
  "F-BOD-03": [
    "Content that runs to the end of a TLS connection without close_notify is refused, but for Node's fetch, which shows no socket: known failures.",
    "FIN in content that runs to the end of the connection cannot be told from its end.",
  ],
  "F-BOD-06": ["Held to 8 MB instead of 1 GB; memory is judged by the soak test."],
  "F-RTY-03": [
    "Nothing is asked for again once its head has come, so that nothing can be spliced. not offered yet: to resume with a range request.",
  ],
  "F-POL-02": [
    "By the runner, after every case: the next plain request on a session of one connection must succeed.",
  ],
  "F-POL-03": ["Held to 1,000 requests; 10,000 and memory are the business of the soak test."],
  "F-LIF-02": [
    "No case, because a process has to end: the tests of each Node transport run one that leaves an idle connection.",
  ],
};
