/* Probes of the capability `trailers`. */

import { call, type Case, defineCase, expects, respondChunked } from "../../case.ts";

/** Cases of `probe/trailers`. */
export const trailersProbes: readonly Case[] = [
  defineCase({
    id: "probe/trailers/trailer-fields-are-handed-over",
    title: "trailer fields of a chunked response are handed over as they came",
    level: "probe",
    spec: ["RFC 9112 §7.1.2"],
    catalogue: ["F-BOD-08"],
    probes: "trailers",
    requires: { trailers: "exposed" },
    otherwise: expects({ status: 200, content: "abc", trailers: null }),
    origin: [
      respondChunked(
        200,
        [],
        ["abc"],
        [
          ["x-sum", "1"],
          ["x-sum", "2"],
        ],
      ),
    ],
    perform: call("GET", "a"),
    expect: {
      status: 200,
      content: "abc",
      trailers: [
        ["x-sum", "1"],
        ["x-sum", "2"],
      ],
    },
    hint: "check what the transport passes to `end`",
  }),
];
