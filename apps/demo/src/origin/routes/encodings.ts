// Routes with a content coding, whatever the client says it accepts, as httpbin does.
import { promisify } from "node:util";
import { brotliCompress, deflate, gzip, zstdCompress } from "node:zlib";
import { type Handler, jsonText, replyBytes, type Routes } from "../exchange.ts";
import { headFacts } from "../facts.ts";

function coded(
  coding: string,
  flag: string,
  compress: (bytes: Buffer) => Promise<Buffer>,
): Handler {
  return async (exchange) => {
    const { headers, origin } = headFacts(exchange);
    const facts = { [flag]: true, headers, method: exchange.method, origin };
    const bytes = await compress(Buffer.from(jsonText(facts)));
    replyBytes(exchange.response, bytes, "application/json", 200, { "content-encoding": coding });
  };
}

/** `/gzip /deflate /brotli` of httpbin, and `/zstd` in the same manner. */
export const encodings: Routes = {
  "/gzip": { GET: coded("gzip", "gzipped", promisify(gzip)) },
  "/deflate": { GET: coded("deflate", "deflated", promisify(deflate)) },
  "/brotli": { GET: coded("br", "brotli", promisify(brotliCompress)) },
  "/zstd": { GET: coded("zstd", "zstd", promisify(zstdCompress)) },
};
