// What toFetch makes is a fetch by the types of whatever environment it is used in.
import { type Session, toFetch } from "@anyhttp/core";

export function use(session: Session): Promise<Response> {
  const fetch: typeof globalThis.fetch = toFetch(session);
  return fetch(new URL("https://a.test/"), { method: "POST", body: new Uint8Array(1) });
}
