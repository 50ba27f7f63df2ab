import { describeCompleteness } from "./support/describe-broken.ts";

describeCompleteness();
