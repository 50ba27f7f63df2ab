#!/usr/bin/env node
// Entry of the demo: hands the arguments to the program and leaves with its status.
import { run } from "./cli/program.ts";

// `exitCode`, not `exit()`: what is still being written to a pipe gets there.
process.exitCode = await run(process.argv.slice(2));
