/* Calls that the origin, a limit or the caller puts an end to, and by which codes. */

import { type Kind, pause, type Scene } from "./kind.ts";

/** Lost before the head was whole; on a connection that had served before, it may look like one that had died idle. */
const lost = ["ERR_DISCONNECTED", "ERR_DISCONNECTED_IDLE"];
const cut = ["ERR_CONTENT_TRUNCATED"];

function faulty(name: string, outcomes: readonly string[]): Kind {
  return {
    name,
    weight: 1,
    outcomes,
    run: ({ session, doors }) => session.get(`${doors.main}/${name}`).bytes(),
  };
}

function upload(name: string, outcomes: readonly string[], timeout = 2000): Kind {
  const body = new Uint8Array(300_000).fill(98);
  return {
    name: `upload to ${name}`,
    weight: 1,
    outcomes,
    run: ({ session, doors }) => session.post(`${doors.main}/${name}`, { body, timeout }).bytes(),
  };
}

function stalled(name: string, timeout: object, outcomes: readonly string[]): Kind {
  return {
    name: `${name} for ${Object.keys(timeout).join()}`,
    weight: 1,
    outcomes,
    run: ({ session, doors }) => session.get(`${doors.main}/${name}`, { timeout }).bytes(),
  };
}

function stale(name: string, method: string): Kind {
  return {
    name: `${method} ${name}`,
    weight: 1,
    outcomes: ["ok", ...lost],
    run: async ({ session, doors, random }) => {
      const content = method === "POST" ? { body: "abc" } : {};
      for (let turn = 0; turn < 2; turn++) {
        await session.request(method, `${doors.flaky}/${name}`, content).bytes();
        await pause(random.between(0, 6));
      }
    },
  };
}

/** Aborts at any instant: while it waits, connects, sends, before the head, within the content, or when all is over. */
function aborted(path: string, method: string, longest: number): Kind {
  return {
    name: `abort ${path}`,
    weight: 2,
    outcomes: ["ok", "ERR_ABORTED"],
    run: async (scene: Scene) => {
      const { session, doors, random } = scene;
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), random.next() * longest);
      const content = method === "POST" ? { body: new Uint8Array(100_000) } : {};
      try {
        const options = { ...content, signal: controller.signal };
        await session.request(method, `${doors.main}/${path}`, options).bytes();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export const faultKinds: readonly Kind[] = [
  faulty("reset-early", lost),
  faulty("reset-silent", lost),
  faulty("reset-head", ["ERR_DISCONNECTED"]),
  faulty("reset-content", cut),
  faulty("reset-chunks", cut),
  faulty("end-silent", lost),
  faulty("end-head", ["ERR_DISCONNECTED"]),
  faulty("end-content", cut),
  faulty("end-chunks", cut),
  // fetch of Node takes content that breaks off within its coding for whole.
  { ...faulty("gzip-cut", ["ERR_CONTENT_DECODE", ...cut]), outcomesWhereDecoded: ["ok"] },
  faulty("gzip-none", ["ERR_CONTENT_DECODE"]),
  faulty("garbage", ["ERR_PROTOCOL_HEAD"]),
  faulty("bad-chunk", ["ERR_PROTOCOL_FRAMING"]),
  faulty("upgrade", ["ERR_PROTOCOL_UPGRADE"]),
  faulty("nowhere", ["ERR_REDIRECT_LOCATION"]),
  faulty("redirect/20", ["ERR_REDIRECT_LIMIT"]),
  upload("reset-early", lost),
  upload("reset-head", ["ERR_DISCONNECTED"]),
  upload("end-early", lost),
  upload("refuse", ["ERR_STATUS", ...lost]),
  upload("deaf", ["ERR_TIMEOUT_TOTAL"], 200),
  // A transport that does not say when it has connected has both limits in one: `connect` has to be short too.
  stalled("silent", { connect: 2000, response: 30 }, ["ERR_TIMEOUT_RESPONSE"]),
  stalled("silent", { total: 30 }, ["ERR_TIMEOUT_TOTAL"]),
  stalled("stall-head", { connect: 2000, response: 30 }, ["ERR_TIMEOUT_RESPONSE"]),
  stalled("stall-content", { read: 30 }, ["ERR_TIMEOUT_READ"]),
  stalled("stall-content", { total: 30 }, ["ERR_TIMEOUT_TOTAL"]),
  stalled("slow/10000", { connect: 2000, response: 5 }, ["ERR_TIMEOUT_RESPONSE"]),
  stalled("small", { queue: 1 }, ["ok", "ERR_TIMEOUT_QUEUE"]),
  stale("stale-end", "GET"),
  stale("stale-end", "POST"),
  stale("stale-reset", "GET"),
  stale("stale-reset", "POST"),
  aborted("small", "GET", 3),
  aborted("slow/20", "GET", 30),
  aborted("trickle", "GET", 30),
  aborted("large/500", "GET", 20),
  aborted("gzip", "GET", 10),
  aborted("echo", "POST", 10),
  {
    name: "slammed door",
    weight: 1,
    outcomes: ["ERR_CONNECT_RESET", ...lost],
    run: ({ session, doors }) => session.get(doors.slamming),
  },
  {
    name: "closed door",
    weight: 1,
    outcomes: ["ERR_CONNECT_REFUSED"],
    run: ({ session, doors }) => session.get(doors.closed),
  },
];
