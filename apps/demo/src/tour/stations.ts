// The stops of the tour, in order.
import type { Station } from "./station.ts";
import { binary } from "./stations/binary.ts";
import { burst } from "./stations/burst.ts";
import { close } from "./stations/close.ts";
import { download } from "./stations/download.ts";
import { refused, timeOut, truncated, unavailable } from "./stations/faults.ts";
import { form } from "./stations/form.ts";
import { page } from "./stations/page.ts";
import { remove } from "./stations/remove.ts";
import { secure } from "./stations/secure.ts";

/** Closing comes last: nothing works after it. */
export const stations: readonly Station[] = [
  page,
  form,
  binary,
  remove,
  secure,
  burst,
  download,
  timeOut,
  refused,
  unavailable,
  truncated,
  close,
];
