// `demo origin`: keeps the origin running, to be called from another terminal.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOrigin } from "../origin/origin.ts";
import { name } from "../screen/style.ts";
import { exitStatus, UsageError } from "./exit-status.ts";

/** Serves until SIGINT or SIGTERM; resolves with the exit status. */
export async function serve(port: number | undefined): Promise<number> {
  const origin = await startOrigin(port === undefined ? {} : { http: port }).catch(
    (error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new UsageError(`--port: cannot listen on ${port} (${code ?? message})`);
    },
  );
  const folder = await mkdtemp(join(tmpdir(), "anyhttp-demo-"));
  const certificate = join(folder, "ca.pem");
  await writeFile(certificate, origin.ca);
  process.stdout.write(
    `${name(origin.http)}\n${name(origin.https)}  trust it with --ca ${certificate}\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await origin.stop();
  await rm(folder, { recursive: true });
  return exitStatus.ok;
}
