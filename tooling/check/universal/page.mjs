// A script of a page: one call, and a report of it.
import { get } from "anyhttp";

const report = (body) => fetch(`/report${location.search}`, { method: "POST", body });
get(`${location.origin}/items/7`)
  .json()
  .then(({ name }) => report(name), report);
