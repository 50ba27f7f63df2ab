// Everything beyond `npm test`: see `wide-steps.ts`.
import { runSteps } from "./steps.ts";
import { wideSteps } from "./wide-steps.ts";

await runSteps("wider check", wideSteps, "reports/wide.json");
