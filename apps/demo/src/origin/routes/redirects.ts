// Routes that point elsewhere.
import { type Exchange, Refusal, type Routes, wholeNumber } from "../exchange.ts";

function redirectTo({ response }: Exchange, location: string, status = 302): void {
  response.writeHead(status, { location, "content-length": 0 });
  response.end();
}

function count(absolute: boolean) {
  return (exchange: Exchange, left: string): void => {
    const more = wholeNumber(left, null, 1000) - 1;
    if (more < 0) throw new Refusal(400, "a redirect counts from 1");
    const { origin, searchParams } = exchange.url;
    const full = absolute || searchParams.get("absolute")?.toLowerCase() === "true";
    const kind = full ? "absolute" : "relative";
    const path = more === 0 ? "/get" : `/${kind}-redirect/${more}`;
    redirectTo(exchange, full ? `${origin}${path}` : path);
  };
}

function elsewhere(exchange: Exchange): void {
  const { searchParams } = exchange.url;
  const target = searchParams.get("url");
  if (target === null || /[^\u0021-\u007e]/.test(target)) throw new Refusal(400, "url is missing");
  const code = wholeNumber(searchParams.get("status_code"), 302, 399);
  redirectTo(exchange, target, code < 300 ? 302 : code);
}

/** `/redirect/:n /relative-redirect/:n /absolute-redirect/:n /redirect-to?url=`. */
export const redirects: Routes = {
  "/redirect/:": { GET: count(false) },
  "/relative-redirect/:": { GET: count(false) },
  "/absolute-redirect/:": { GET: count(true) },
  "/redirect-to": { ANY: elsewhere },
};
