// The least that core and the fetch transport must do on any runtime: load, send, read, close.
import { Session } from "@anyhttp/core";
import { fetchTransport } from "@anyhttp/transport-fetch";

export async function smoke(baseUrl) {
  const session = new Session({ transport: fetchTransport(), baseUrl });
  try {
    const item = await session.get("items/7").json();
    if (item.name !== "lamp") throw new Error(`unexpected content ${JSON.stringify(item)}`);
  } finally {
    await session.close();
  }
}

/** The outcome as text, the same for every way in which a runtime can report it. */
export async function report(baseUrl) {
  try {
    await smoke(baseUrl);
    return "ok";
  } catch (error) {
    return `failed: ${error?.stack ?? error}`;
  }
}
