import { describeCatches } from "./support/describe-broken.ts";

describeCatches(2);
