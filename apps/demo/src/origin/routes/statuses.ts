// Routes that answer with the status that was asked for.
import { type Exchange, type Routes, wholeNumber } from "../exchange.ts";

/** Fields that a status is not complete without. */
const fields: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  301: { location: "/redirect/1" },
  302: { location: "/redirect/1" },
  303: { location: "/redirect/1" },
  307: { location: "/redirect/1" },
  308: { location: "/redirect/1" },
  401: { "www-authenticate": 'Basic realm="Fake Realm"' },
  418: { "x-more-info": "https://www.rfc-editor.org/rfc/rfc2324" },
  407: { "proxy-authenticate": 'Basic realm="Fake Realm"' },
};

const teapot = "\n    -=[ teapot ]=-\n\n";

function status({ response }: Exchange, text: string): void {
  const code = Math.max(wholeNumber(text, null, 599), 200);
  const content = code === 418 ? teapot : "";
  const length = code === 204 || code === 304 ? {} : { "content-length": content.length };
  const more = fields[code] ?? { "content-type": "text/html; charset=utf-8" };
  response.writeHead(code, { ...length, ...more });
  response.end(content);
}

/** `/status/:code`. */
export const statuses: Routes = { "/status/:": { ANY: status } };
