/*
 * Makes this process trust the test authority, for transports whose TLS is the runtime's own. Newer versions of Node can
 * do that while they run; older ones only at their start.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { atEnd } from "./at-end.ts";

interface DefaultAuthorities {
  getCACertificates?(type: "default"): readonly string[];
  setDefaultCACertificates?(certificates: readonly string[]): void;
}

/** Trusts an authority from now on; `false` if this version of Node cannot. */
export function trust(ca: string): boolean {
  const node = tls as DefaultAuthorities;
  if (!node.getCACertificates || !node.setDefaultCACertificates) return false;
  node.setDefaultCACertificates([...node.getCACertificates("default"), ca]);
  return true;
}

/** Runs this very command again in a process that trusts the authority from its start. Resolves to its exit status. */
export async function runTrusting(
  ca: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "anyhttp-conformance-"));
  const remove = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const file = join(folder, "ca.pem");
    writeFileSync(file, ca);
    const env = { ...process.env, ...environment, NODE_EXTRA_CA_CERTS: file };
    const args = [...process.execArgv, ...process.argv.slice(1)];
    // Not `spawnSync`: as long as that waits, no signal is heard.
    const child = spawn(process.execPath, args, { env, stdio: "inherit" });
    const stop = atEnd(() => child.kill("SIGKILL"));
    const status = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, name) =>
        resolve(code ?? 128 + constants.signals[name ?? "SIGKILL"]),
      );
    });
    stop();
    return status;
  } finally {
    remove();
  }
}
