// For runtimes with a command line: RUNTIME command.mjs BASE_URL
import { report } from "./smoke.mjs";

const { Deno, process } = globalThis;
const [baseUrl] = Deno ? Deno.args : process.argv.slice(2);
console.log(await report(baseUrl));
