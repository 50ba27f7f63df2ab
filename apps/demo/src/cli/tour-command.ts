// `demo tour`: chooses where to show the tour, and makes it.
import { plainScreen } from "../screen/plain-screen.ts";
import { terminalScreen } from "../screen/terminal-screen.ts";
import { tour, type TourOptions } from "../tour/tour.ts";
import { transportNames } from "../transports.ts";
import { exitStatus } from "./exit-status.ts";

/** The options of `demo tour`, as commander hands them over. */
export interface TourFlags {
  readonly transport?: TourOptions["transports"];
  readonly burst: number;
  /** In MiB. */
  readonly download: number;
}

/** Makes the tour; resolves with the exit status. */
export async function tourCommand(flags: TourFlags): Promise<number> {
  const { transport = transportNames, burst, download } = flags;
  // Live bars need a terminal that can take back what it has shown.
  const live = process.stdout.isTTY && process.env["TERM"] !== "dumb";
  const screen = live ? terminalScreen() : plainScreen((line) => process.stdout.write(`${line}\n`));
  const options = { transports: transport, burst, download: download * 1024 ** 2 };
  return (await tour(options, screen)) ? exitStatus.ok : exitStatus.failed;
}
