// A program that uses one small part of it all.
import { HttpHeaders } from "anyhttp";

console.log(new HttpHeaders({ "x-a": "lamp" }).get("X-A"));
