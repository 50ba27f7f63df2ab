// For workers: answers a request that names the origin with the outcome.
import { report } from "./smoke.mjs";

export default {
  async fetch(request) {
    return new Response(await report(new URL(request.url).searchParams.get("base")));
  },
};
