// The same library over HTTPS, with a certificate from an authority that the system does not know.
import { HttpbinClient } from "@anyhttp/demo-library";
import type { Station } from "../station.ts";

export const secure: Station = {
  name: "https",
  run: async ({ session, origin, trust }) => {
    // An extended session shares the transport and its connections.
    const client = new HttpbinClient({ session: session.extend({ baseUrl: origin.https }) });
    const { args, url } = await client.inspect({ over: "tls" });
    return {
      says: "200 over TLS",
      lines: [`GET ${url} answered; the certificate is ${trust}`],
      value: { args, scheme: new URL(url).protocol },
    };
  },
};
