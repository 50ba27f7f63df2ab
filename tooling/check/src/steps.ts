// Runs named steps in order, shows where it is, and ends with a table. Knows nothing of what the steps do.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { CountReader, Counts } from "./counts.ts";
import { bold, dim, green, red, seconds, yellow } from "./style.ts";

export interface Step {
  name: string;
  /** What it proves, in a few words. */
  about: string;
  /** The command line, without a shell. */
  command: readonly [string, ...string[]];
  /** Long steps show their own output as it comes; short ones only when they fail. */
  output?: "live" | "on-failure";
  /** Names of steps that must have passed, or this one makes no sense. */
  needs?: readonly string[];
  /** Where the step writes its result and how to read it. Without it the step counts as one check. */
  counts?: { file: string; read: CountReader };
  /** Milliseconds after which the step is stopped and failed. */
  limit?: number;
  env?: NodeJS.ProcessEnv;
}

interface Result extends Counts {
  step: Step;
  state: "ok" | "failed" | "not run";
  ms: number;
}

export const root: string = join(import.meta.dirname, "../../..");

/** Milliseconds that a step may take which names no limit. */
const defaultLimit = 300_000;

const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  // Some tools colour a pipe when they think that they are in CI.
  ...(!process.stdout.isTTY && !process.env["FORCE_COLOR"] && { NO_COLOR: "1" }),
};

/**
 * Runs the steps, writes the sum to `summaryFile`, sets the exit status.
 * @param left What is not run here; said at the end, so that nobody takes this for everything.
 */
export async function runSteps(
  title: string,
  steps: readonly Step[],
  summaryFile: string,
  left: readonly Step[] = [],
): Promise<void> {
  const began = performance.now();
  console.log(`${bold(title)}: ${steps.map((step) => step.name).join(", ")}`);
  rmSync(join(root, summaryFile), { force: true });
  const results: Result[] = [];
  for (const [index, step] of steps.entries()) {
    console.log(`\n${bold(`[${index + 1}/${steps.length}] ${step.name}`)} ${dim(step.about)}`);
    const missing = step.needs?.find((name) =>
      results.some((result) => result.step.name === name && result.state !== "ok"),
    );
    const result: Result =
      missing === undefined
        ? await runStep(step)
        : { step, state: "not run", ms: 0, passed: 0, failed: 1, note: `needs ${missing}` };
    results.push(result);
    console.log(`      ${line(result)}`);
  }
  const passed = sum(results, "passed");
  const failed = sum(results, "failed");
  mkdirSync(dirname(join(root, summaryFile)), { recursive: true });
  const failures = results.flatMap(failuresOf);
  const summary = { passed, failed, failures };
  writeFileSync(join(root, summaryFile), `${JSON.stringify(summary, null, 2)}\n`);
  printTable(title, results, performance.now() - began);
  // Again, where it is not lost in what came after it.
  for (const failure of failures) console.log(`  ${red("✗")} ${failure}`);
  if (left.length > 0) {
    console.log(`\n${bold("left to .ci/run")}, because it takes long or installs programs`);
    for (const { name, about } of left) console.log(`  ${name.padEnd(12)}${dim(about)}`);
    console.log("");
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runStep(step: Step): Promise<Result> {
  const began = performance.now();
  const file = step.counts && join(root, step.counts.file);
  // A report of an earlier run must never be taken for this one's.
  if (file !== undefined) {
    rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
  }
  const { status, output } = await execute(step);
  const ms = performance.now() - began;
  let counts: Counts = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  if (step.counts !== undefined && file !== undefined) {
    try {
      counts = step.counts.read(file);
      // A command may fail for a reason that its counts do not show, for example an error outside any test.
      if (status !== 0 && counts.failed === 0) {
        counts = { ...counts, failed: 1, note: `exit status ${status}` };
      }
    } catch (error) {
      counts = { passed: 0, failed: 1, note: error instanceof Error ? error.message : "no report" };
    }
  }
  const state = counts.failed === 0 ? "ok" : "failed";
  if (state === "failed" && step.output !== "live") process.stdout.write(output);
  if (state === "failed") console.log(dim(`      command: ${step.command.join(" ")}`));
  return { step, state, ms, ...counts };
}

function execute(step: Step): Promise<{ status: number | string; output: string }> {
  const [command, ...args] = step.command;
  const live = step.output === "live";
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment, ...step.env },
      stdio: live ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let stopped = "";
    let last: NodeJS.Timeout | undefined;
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    const ticks = live ? undefined : showElapsed();
    const limit = setTimeout(() => {
      stopped = `stopped after ${seconds(step.limit ?? defaultLimit)}`;
      // So that it can end what it has started; if it does not, it is ended itself.
      child.kill("SIGTERM");
      last = setTimeout(() => child.kill("SIGKILL"), 10_000);
    }, step.limit ?? defaultLimit);
    const end = (status: number | string, more = ""): void => {
      clearTimeout(limit);
      clearTimeout(last);
      ticks?.();
      resolve({ status, output: output + more });
    };
    child.once("error", (error) => end("not started", `${error.message}\n`));
    child.once("close", (code, signal) => end(stopped || (code ?? signal ?? "unknown")));
  });
}

/** On a terminal a line that counts up, elsewhere one line every ten seconds. */
function showElapsed(): () => void {
  const began = performance.now();
  const terminal = process.stdout.isTTY;
  const timer = setInterval(
    () => {
      const text = `      … ${seconds(performance.now() - began)}`;
      if (terminal) process.stdout.write(`\r${dim(text)}`);
      else console.log(text);
    },
    terminal ? 200 : 10_000,
  );
  return () => {
    clearInterval(timer);
    if (terminal) process.stdout.write("\r\u001b[K");
  };
}

function line(result: Result): string {
  const mark = { ok: green("ok"), failed: red("failed"), "not run": yellow("not run") }[
    result.state
  ];
  const counts = result.step.counts && `${result.passed} passed, ${result.failed} failed`;
  return [mark, counts, result.note, seconds(result.ms)].filter(Boolean).join(" · ");
}

function printTable(title: string, results: readonly Result[], ms: number): void {
  const width = Math.max(...results.map(({ step }) => step.name.length));
  console.log(`\n${bold(title)} took ${seconds(ms)}`);
  for (const result of results) {
    const state = result.state.padEnd(7);
    const colour = { ok: green, failed: red, "not run": yellow }[result.state];
    const cells = [
      result.step.name.padEnd(width),
      colour(state),
      seconds(result.ms).padStart(8),
      String(result.passed).padStart(6),
      result.failed > 0 ? red(`${result.failed} failed`) : "",
      dim(result.note ?? ""),
    ];
    console.log(`  ${cells.join("  ").trimEnd()}`);
  }
}

/** What failed in a step, a line each: what its report names, or the step. */
function failuresOf({ step, state, note = "see above", failures = [note] }: Result): string[] {
  if (state === "ok") return [];
  const lines = failures.slice(0, failuresNamed).map((failure) => failure.slice(0, 400));
  const more = failures.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  return lines.map((text) => `${step.name}: ${text}`);
}

const failuresNamed = 30;

const sum = (results: readonly Result[], key: "passed" | "failed"): number =>
  results.reduce((total, result) => total + result[key], 0);
