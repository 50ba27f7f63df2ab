// Routes that take their time. Every wait ends at once when the client leaves.
import { setTimeout as sleep } from "node:timers/promises";
import { type Exchange, Refusal, replyJson, type Routes, wholeNumber } from "../exchange.ts";
import { factsOf } from "../facts.ts";

function duration(text: string | null, fallback: number): number {
  const value = text === null ? fallback : Number(text);
  if (text === "" || !(value >= 0)) throw new Refusal(400, "not a duration in seconds");
  // httpbin's own limit.
  return Math.min(value, 10) * 1000;
}

async function delay(exchange: Exchange, seconds: string): Promise<void> {
  await sleep(duration(seconds, 0), undefined, { signal: exchange.gone });
  const { json: _, method: __, ...facts } = await factsOf(exchange);
  replyJson(exchange, facts);
}

async function drip({ url, response, gone }: Exchange): Promise<void> {
  const { searchParams } = url;
  const count = wholeNumber(searchParams.get("numbytes"), 10, 10 * 1024 * 1024);
  const gap = duration(searchParams.get("duration"), 2) / Math.max(count, 1);
  await sleep(duration(searchParams.get("delay"), 2), undefined, { signal: gone });
  response.writeHead(wholeNumber(searchParams.get("code"), 200, 599), {
    "content-type": "application/octet-stream",
    "content-length": count,
  });
  response.flushHeaders();
  const began = performance.now();
  for (let sent = 0; sent < count;) {
    // Gaps under a millisecond are made up for by sending several bytes at once.
    const due = Math.min(
      count,
      gap === 0 ? count : Math.floor((performance.now() - began) / gap) + 1,
    );
    if (due > sent) response.write("*".repeat(due - sent));
    sent = due;
    if (sent < count) await sleep(Math.max(gap, 1), undefined, { signal: gone });
  }
  response.end();
}

/** `/delay/:n /drip?duration=&numbytes=&code=&delay=`. */
export const timing: Routes = { "/delay/:": { ANY: delay }, "/drip": { GET: drip } };
