// workerd: a server that runs the bundle when it is asked.
import { copyFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Child, type Launcher, modules, start } from "./launcher.ts";

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .suite),
    (name = "loopback", network = (
      allow = ["private"],
      tlsOptions = (trustedCertificates = [embed "ca.pem"]),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const suite :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
  globalOutbound = "loopback",
);
`;

export const workerd: Launcher = async (work) => {
  const { scratch } = work;
  writeFileSync(join(scratch, "worker.capnp"), config);
  copyFileSync(work.bundle, join(scratch, "worker.mjs"));
  copyFileSync(work.caFile, join(scratch, "ca.pem"));
  const args = ["serve", join(scratch, "worker.capnp"), "--control-fd=3"];
  const child = start(work, join(modules, ".bin/workerd"), args);
  const port = await portOf(child);
  const url = `http://127.0.0.1:${port}/?order=${encodeURIComponent(work.order)}`;
  return Promise.race([
    child.ended,
    answerOf(url, work.signal).then((answer) => `${answer} ${child.said()}`),
  ]);
};

/** Asks for the suite to be run. What comes of it is at the desk. Fetch would not wait longer than five minutes. */
function answerOf(url: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    get(url, { signal }, (response) => {
      let text = "";
      response.on("data", (piece: Buffer) => (text += piece.toString()));
      response.on("end", () => resolve(`answered ${response.statusCode}: ${text}`));
      response.on("error", (error) => resolve(String(error)));
    }).on("error", (error) => resolve(String(error)));
  });
}

/** It says on its control descriptor which port it was given. */
function portOf(child: Child): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    (child.process.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, port] = /"event":"listen".*?"port":(\d+)/.exec(text) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    void child.ended.then((said) => reject(new Error(said)));
  });
}
