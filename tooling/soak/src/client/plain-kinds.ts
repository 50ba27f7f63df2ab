/* Calls that nothing is wrong with: methods, contents, framings, redirects, statuses, ways of reading. */

import { counted, type Kind, ok, pause, same, type Scene } from "./kind.ts";

const text = "anyhttp ".repeat(1250);
const megabyte = new Uint8Array(1_048_576).fill(97);

async function small({ session, doors, lasting, random }: Scene): Promise<void> {
  const shared = random.next() < 0.5 ? { signal: lasting } : {};
  const content = await session.get(`${doors.main}/small`, shared).json<{ id: number }>();
  same(content.id, 7, "the id");
}

/** Pieces whose number is not known beforehand, so that they go out chunked. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let place = 0; place < 5; place++) {
    if (place % 2 === 1) await pause(1);
    yield megabyte.subarray(0, 3000);
  }
}

async function echoed(
  scene: Scene,
  method: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const url = `${scene.doors.main}/echo`;
  const answer = await scene.session.request(method, url, { body }).json<Record<string, unknown>>();
  same(answer["method"], method, "the method");
  same(answer["received"], body.length, "the length that the origin received");
}

async function readSlowly({ session, doors }: Scene, path: string): Promise<void> {
  let length = 0;
  for await (const piece of await session.get(`${doors.main}/${path}/512`)) {
    length += piece.byteLength;
    await pause(1);
  }
  same(length, 524_288, "the length");
}

async function statusOf(scene: Scene, code: number): Promise<void> {
  const url = `${scene.doors.main}/status/${code}`;
  const response = await scene.session.get(url, { throwHttpErrors: code >= 500 });
  same(response.status, code, "the status");
  await response.text();
}

export const plainKinds: readonly Kind[] = [
  { name: "get", weight: 40, outcomes: ok, run: small },
  {
    name: "head",
    weight: 3,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same((await session.head(`${doors.main}/head`).bytes()).byteLength, 0, "the length"),
  },
  { name: "post", weight: 10, outcomes: ok, run: (scene) => echoed(scene, "POST", text) },
  { name: "put", weight: 4, outcomes: ok, run: (scene) => echoed(scene, "PUT", text) },
  { name: "post large", weight: 1, outcomes: ok, run: (scene) => echoed(scene, "POST", megabyte) },
  {
    name: "post stream",
    weight: 3,
    outcomes: ok,
    run: ({ session, doors }) => session.post(`${doors.main}/echo`, { body: pieces() }).json(),
  },
  {
    name: "large",
    weight: 2,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same((await session.get(`${doors.main}/large/1024`).bytes()).length, 1_048_576, "the length"),
  },
  {
    name: "large in pieces",
    weight: 2,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same(await counted(await session.get(`${doors.main}/large/300`)), 307_200, "the length"),
  },
  {
    name: "slow reader",
    weight: 2,
    outcomes: ok,
    run: (scene) => readSlowly(scene, "large"),
  },
  // The end of the connection comes while the content waits for its reader.
  {
    name: "slow reader till close",
    weight: 1,
    outcomes: ok,
    run: (scene) => readSlowly(scene, "large-till-close"),
  },
  {
    name: "chunked",
    weight: 6,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same((await session.get(`${doors.main}/chunked`).text()).length, 8192, "the length"),
  },
  {
    name: "trickle",
    weight: 2,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same((await session.get(`${doors.main}/trickle`).text()).length, 50, "the length"),
  },
  {
    name: "gzip",
    weight: 5,
    outcomes: ok,
    run: async ({ session, doors }) =>
      same((await session.get(`${doors.main}/gzip`).bytes()).length, 200_000, "the length"),
  },
  {
    name: "interim",
    weight: 2,
    outcomes: ok,
    run: ({ session, doors }) => session.get(`${doors.main}/interim`).json(),
  },
  {
    name: "closing",
    weight: 3,
    outcomes: ok,
    run: ({ session, doors }) => session.get(`${doors.main}/closing`).json(),
  },
  {
    name: "till close",
    weight: 2,
    outcomes: ok,
    run: ({ session, doors }) => session.get(`${doors.main}/till-close`).json(),
  },
  {
    name: "redirects",
    weight: 3,
    outcomes: ok,
    run: ({ session, doors, random }) =>
      session.get(`${doors.main}/redirect/${random.between(1, 4)}`).json(),
  },
  {
    name: "see other",
    weight: 1,
    outcomes: ok,
    run: ({ session, doors }) => session.post(`${doors.main}/see-other`, { body: text }).json(),
  },
  {
    name: "post again",
    weight: 1,
    outcomes: ok,
    run: async ({ session, doors }) => {
      const url = `${doors.main}/again`;
      const answer = await session.post(url, { body: text }).json<{ received: number }>();
      same(answer.received, text.length, "the length that the origin received");
    },
  },
  { name: "no content", weight: 2, outcomes: ok, run: (scene) => statusOf(scene, 204) },
  { name: "not found", weight: 2, outcomes: ok, run: (scene) => statusOf(scene, 404) },
  {
    name: "unavailable",
    weight: 2,
    outcomes: ["ERR_STATUS"],
    run: (scene) => statusOf(scene, 503),
  },
  {
    name: "unread",
    weight: 2,
    outcomes: ok,
    run: ({ session, doors }) => session.get(`${doors.main}/small`),
  },
  {
    name: "unread for long",
    weight: 1,
    outcomes: ok,
    // Nobody reads and nobody gives it up: the limit on the whole call is what frees the slot.
    run: ({ session, doors }) => session.get(`${doors.main}/large/512`, { timeout: 1000 }),
  },
  {
    name: "discarded",
    weight: 1,
    outcomes: ok,
    run: async ({ session, doors, random }) =>
      (await session.get(`${doors.main}/large/${random.between(10, 500)}`)).discard(),
  },
  {
    name: "left",
    weight: 1,
    outcomes: ok,
    run: async ({ session, doors }) => {
      for await (const _ of await session.get(`${doors.main}/large/500`)) break;
    },
  },
];
