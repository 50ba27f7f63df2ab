// A process of the reference run: carries out the order at the address that it is given.
import { work } from "@anyhttp/conformance";
import { undiciTransport } from "@anyhttp/transport-undici";

await work(process.argv[2] ?? "", undiciTransport);
process.exit();
