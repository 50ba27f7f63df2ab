// For browsers: runs when the page is loaded and sends the outcome to the origin that served it.
import { report } from "./smoke.mjs";

await fetch(`/report${location.search}`, {
  method: "POST",
  body: await report(`${location.origin}/`),
});
