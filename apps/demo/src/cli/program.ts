// The command line: which commands there are, and what they take. Does none of the work.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { bad } from "../screen/style.ts";
import { transportNames } from "../transports.ts";
import type { TourFlags } from "./tour-command.ts";
import type { CallFlags } from "./call.ts";
import { exitStatus, statusOf } from "./exit-status.ts";
import { request } from "./request.ts";

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

const notes = `
Without a command, the tour: the same library over every transport, then a comparison.

Exit status:
  0  all is well              3  the server answered with a status of 400 or above
  1  the tour found faults    4  no whole answer: DNS, connection, TLS, content
  2  wrong usage              5  a time-out (130: interrupted)

Examples:
  demo
  demo get https://example.com --verbose
  demo post https://example.com/items --json '{"name": "Jack"}' --transport axios
  demo get https://example.com/large --retry 3 --limit-rate 500k --trace --output large
  demo put https://example.com/photo --data @photo.jpg --header 'Content-Type: image/jpeg'
  demo post https://example.com/album --form title=Beach --form 'photo=@photo.jpg;type=image/jpeg'`;

/** Runs a command line; resolves with the exit status. Prints what went wrong. */
export async function run(args: readonly string[]): Promise<number> {
  let status: number = exitStatus.ok;
  const program = commands((code) => (status = code));
  try {
    await program.parseAsync(args.length === 0 ? ["tour"] : args, { from: "user" });
    return status;
  } catch (error) {
    // Commander has already said it.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    }
    const code = statusOf(error);
    const broken = code === exitStatus.failed && error instanceof Error;
    const text = broken ? error.stack : error instanceof Error ? error.message : String(error);
    process.stderr.write(`${bad(`demo: ${text}`)}\n`);
    return code;
  }
}

function commands(done: (status: number) => void): Command {
  const program = new Command("demo")
    .description("HTTP on the command line, over the transport of your choice.")
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", notes);
  program
    .command("tour")
    .description("visit every feature on every transport and compare (the default)")
    .option("-t, --transport <name...>", `some of ${transportNames.join(", ")}`, oneMore)
    .option("--burst <requests>", "requests made at once", positive, 1000)
    .option("--download <MiB>", "size of the large download", positive, 256)
    .action(async (flags: TourFlags) => {
      // Loaded when it is wanted: making certificates is not for `demo get`.
      const { tourCommand } = await import("./tour-command.ts");
      done(await tourCommand(flags));
    });
  for (const method of methods) {
    withCallOptions(program.command(`${method} <url>`))
      .description(`make ${method === "options" ? "an" : "a"} ${method.toUpperCase()} request`)
      .action(async (url: string, flags: CallFlags) => {
        done(await request(method.toUpperCase(), url, flags));
      });
  }
  withCallOptions(program.command("request <method> <url>"))
    .description("make a request with any method, spelt as given")
    .action(async (method: string, url: string, flags: CallFlags) => {
      done(await request(method, url, flags));
    });
  program
    .command("origin")
    .description("run the httpbin-compatible origin of the tour until interrupted")
    .option("--port <number>", "port for HTTP; any free one by default", positive)
    .action(async ({ port }: { port?: number }) => {
      const { serve } = await import("./serve.ts");
      done(await serve(port));
    });
  return program;
}

function withCallOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-t, --transport <name>", "what carries the bytes")
        .choices(transportNames)
        .default("undici"),
    )
    .option("-H, --header <'name: value'>", "header, may be repeated", append)
    .addOption(new Option("-j, --json <text|@file>", "JSON content").conflicts(["form", "data"]))
    .addOption(
      new Option("-f, --form <name=value|name=@file>", "form field or file, may be repeated")
        .conflicts(["json", "data"])
        .argParser(append),
    )
    .addOption(
      new Option("-d, --data <text|@file>", "content as it is; @- is standard input").conflicts([
        "json",
        "form",
      ]),
    )
    .addOption(new Option("-u, --user <name:password>", "user, for Basic").conflicts("bearer"))
    .option("--digest", "show the password of --user to nobody: Digest")
    .option("--bearer <token>", "token to send")
    .option("-b, --cookie <name=value>", "cookie, may be repeated", append)
    .option("--timeout <ms>", "limit for the whole call", positive)
    .option("--retry <times>", "try again after a passing failure", positive)
    .addOption(
      new Option("--compress <coding>", "send content in this coding").choices([
        "gzip",
        "br",
        "zstd",
        "deflate",
      ]),
    )
    .option("--limit-rate <bytes>", "most bytes per second, such as 500k or 2M", rate)
    .option("--no-redirect", "show a redirect instead of following it")
    .option("--ca <file>", "PEM certificate to trust as well")
    .option("-o, --output <file>", "save the content")
    .option("--trace", "print each step as it happens, to standard error")
    .option("-v, --verbose", "show the connection, the head, and the time of each phase");
}

function append(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function oneMore(value: string, before: readonly string[] = []): string[] {
  if (!transportNames.some((name) => name === value)) {
    throw new InvalidArgumentError(`Known transports: ${transportNames.join(", ")}.`);
  }
  return [...before, value];
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError("A whole number from 1.");
  return value;
}

/** Kilo, mega and giga are powers of 1024, as with curl. */
function rate(text: string): number {
  const [, digits = "", unit = ""] = /^([1-9]\d*)([kmg]?)$/i.exec(text) ?? [];
  const value = Number(digits) * 1024 ** " kmg".indexOf(unit.toLowerCase() || " ");
  if (!(value > 0))
    throw new InvalidArgumentError("A whole number from 1, then k, M, G or nothing.");
  return value;
}
