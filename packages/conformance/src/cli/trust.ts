/*
 * Makes this process trust the test authority, for transports whose TLS is the runtime's own. Newer versions of Node can
 * do that while they run; older ones only at their start.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";

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

/** Runs this very command again in a process that trusts the authority from its start. Returns its exit status. */
export function runTrusting(ca: string, environment: Readonly<Record<string, string>>): number {
  const folder = mkdtempSync(join(tmpdir(), "anyhttp-conformance-"));
  try {
    const file = join(folder, "ca.pem");
    writeFileSync(file, ca);
    const env = { ...process.env, ...environment, NODE_EXTRA_CA_CERTS: file };
    const { status } = spawnSync(
      process.execPath,
      [...process.execArgv, ...process.argv.slice(1)],
      { env, stdio: "inherit" },
    );
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
