/*
 * The origin as a process of its own, so that it does not share an event loop with the client that it watches. Prints
 * one line of JSON when it is ready, and ends when its standard input does, that is, when its parent has gone.
 */

import { makeCertificates } from "./certificates.ts";
import { Control } from "./control.ts";

const certificates = makeCertificates();
const control = new Control(certificates);

const stop = (): void => {
  // A run that hangs must not keep the process.
  setTimeout(() => process.exit(0), 500).unref();
  void control.close().then(() => process.exit(0));
};
process.stdin.on("end", stop).on("error", stop).resume();
// A parent that has gone before it heard the address.
process.stdout.on("error", stop);
const url = await control.listen();
process.stdout.write(`${JSON.stringify({ url, ca: certificates.ca })}\n`);
