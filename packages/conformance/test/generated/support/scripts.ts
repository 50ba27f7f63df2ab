/* Scripts of an origin that does anything: what is right, what is wrong, and in any order. */

import * as fc from "fast-check";
import * as origin from "../../../src/case.ts";

const text = fc.string({ maxLength: 12 });
const octets = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => origin.fromBytes(bytes));

const framing: fc.Arbitrary<origin.Fields> = fc.oneof(
  fc.nat(20).map((length): origin.Fields => [["content-length", String(length)]]),
  fc.constant<origin.Fields>([["transfer-encoding", "chunked"]]),
  fc.constant<origin.Fields>([]),
  fc.constant<origin.Fields>([["content-length", "1000000000"]]),
);
const more: fc.Arbitrary<origin.Fields> = fc.constantFrom<origin.Fields>(
  [],
  [],
  [["connection", "close"]],
  [["content-encoding", "gzip"]],
  [["location", "elsewhere"]],
  [["keep-alive", "timeout=1"]],
);
const head = fc
  .record({
    status: fc.constantFrom(200, 200, 200, 204, 206, 302, 304, 307, 404, 500, 100, 101, 103, 999),
    version: fc.constantFrom("1.1", "1.1", "1.1", "1.0", "2.0"),
    framing,
    more,
  })
  .map(({ status, version, ...fields }) =>
    origin.head(status, [...fields.framing, ...fields.more], { version }),
  );
const whole = fc
  .tuple(fc.constantFrom(200, 404), text)
  .map(([status, content]) => origin.respond(status, [], origin.utf8(content)));

const scraps = fc.constantFrom("\r\n", "\r\n\r\n", "HTTP/1.1 ", "x-a: 1\r\n", "0\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n!"); // prettier-ignore

const step: fc.Arbitrary<origin.Answer> = fc.oneof(
  { weight: 3, arbitrary: head },
  { weight: 2, arbitrary: whole },
  { weight: 4, arbitrary: text.map((content) => origin.content(origin.utf8(content))) },
  {
    weight: 3,
    arbitrary: text.filter(Boolean).map((content) => origin.chunk(origin.utf8(content))),
  },
  { weight: 2, arbitrary: fc.constant(origin.lastChunk([["x-sum", "1"]])) },
  { weight: 2, arbitrary: fc.oneof(scraps, octets).map((garbage) => origin.raw(garbage)) },
  { weight: 3, arbitrary: fc.nat(8).map((ms) => origin.pause(ms)) },
  { weight: 1, arbitrary: fc.constant(origin.afterContent()) },
  { weight: 1, arbitrary: fc.constant(origin.sendFiller(200_000)) },
  { weight: 1, arbitrary: fc.constantFrom(origin.reset(), origin.cut()) },
  { weight: 1, arbitrary: fc.constantFrom(origin.close(), origin.halfClose()) },
  { weight: 1, arbitrary: fc.constant(origin.stall()) },
);

/** An answer of any steps; most begin with a head. */
export const anyAnswer: fc.Arbitrary<origin.Answer> = fc
  .oneof(
    { weight: 3, arbitrary: fc.tuple(head, fc.array(step, { maxLength: 5 })) },
    { weight: 1, arbitrary: fc.tuple(step, fc.array(step, { maxLength: 5 })) },
  )
  .map(([first, rest]) => origin.always(first, ...rest));
