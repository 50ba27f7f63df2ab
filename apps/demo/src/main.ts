#!/usr/bin/env node
// Entry of the demo: hands the arguments to the program and leaves with its status.
import { run } from "./cli/program.ts";

// A reader that has seen enough, such as `head`, is no fault, and nothing more needs doing for it.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// `exitCode`, not `exit()`: what is still being written to a pipe gets there.
process.exitCode = await run(process.argv.slice(2));
