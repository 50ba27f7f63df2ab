// Routes that show, set and delete cookies (RFC 6265).
import { type Exchange, replyJson, type Routes } from "../exchange.ts";

function sent({ request }: Exchange): Record<string, string> {
  const pairs = (request.headers.cookie ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function change(attributes: string) {
  return ({ url, response }: Exchange): void => {
    const lines = [...url.searchParams].map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${attributes ? "" : encodeURIComponent(value)}; Path=/${attributes}`,
    );
    response.writeHead(302, { location: "/cookies", "set-cookie": lines, "content-length": 0 });
    response.end();
  };
}

/** `/cookies /cookies/set?name=value /cookies/delete?name`. */
export const cookies: Routes = {
  "/cookies": { GET: (exchange) => replyJson(exchange, { cookies: sent(exchange) }) },
  "/cookies/set": { GET: change("") },
  "/cookies/delete": { GET: change("; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0") },
};
