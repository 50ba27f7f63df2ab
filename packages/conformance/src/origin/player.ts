/* Performs the steps of one answer on a connection. It stops by itself when the connection is gone. */

import type { Socket } from "node:net";
import { filler } from "../case/bytes.ts";
import type { Connection } from "../case/ledger.ts";
import type { Step } from "../case/script.ts";
import type { Leave } from "./page.ts";
import type { Run } from "./run.ts";

/** The exchange that an answer belongs to. */
export interface Exchanged {
  readonly method: string;
}

/** Where an answer is played. */
export interface Stage {
  readonly run: Run;
  /** What carries HTTP. */
  readonly socket: Socket;
  /** What carries that: the same, or the TCP socket below TLS. */
  readonly raw: Socket;
  /** Resolves when the connection is no more. */
  readonly gone: Promise<void>;
  /** Puts leave into the response, where a web page asks. */
  readonly leave: Leave | null;
  sent(bytes: Buffer): void;
  closing(how: NonNullable<Connection["closed"]>): void;
}

const piece = 65_000; // a multiple of 26, so that filler goes on where it stopped

/** Plays the steps; says whether the response announced that the connection ends. */
export async function play(
  steps: readonly Step[],
  exchange: Exchanged & { readonly ended: Promise<void> },
  stage: Stage,
): Promise<{ closes: boolean }> {
  let closes = false;
  for (const step of steps) {
    if (stage.socket.destroyed) break;
    if (step.do === "head" && step.status >= 200) {
      closes = step.fields.some(
        ([name, value]) => /^connection$/i.test(name) && /close/i.test(value),
      );
    }
    await Promise.race([perform(step, exchange, stage), stage.gone]);
  }
  return { closes };
}

async function perform(
  step: Step,
  exchange: Exchanged & { readonly ended: Promise<void> },
  stage: Stage,
): Promise<void> {
  const { socket, raw, run } = stage;
  switch (step.do) {
    case "await":
      return step.what === "content" ? exchange.ended : undefined;
    case "head": {
      const lines = step.fields.map(([name, value]) => `${name}: ${run.fill(value)}\r\n`);
      return send(
        stage,
        `HTTP/${step.version} ${step.status} ${step.reason}\r\n${lines.join("")}\r\n`,
      );
    }
    case "send":
      return step.content && exchange.method === "HEAD" ? undefined : send(stage, step.bytes);
    case "repeat": {
      const at = Math.max(1, Math.floor(piece / step.bytes.length));
      for (let left = step.times; left > 0 && !socket.destroyed; left -= at) {
        await send(stage, step.bytes.repeat(Math.min(left, at)));
        if (step.every > 0) await sleep(step.every);
      }
      return;
    }
    case "filler":
      for (let left = step.length; left > 0 && !socket.destroyed; left -= piece) {
        await send(stage, filler(Math.min(left, piece)));
      }
      return;
    case "trickle":
      for (let at = 0; at < step.bytes.length && !socket.destroyed; at += step.size) {
        if (at > 0) await sleep(step.every);
        await send(stage, step.bytes.slice(at, at + step.size));
      }
      return;
    case "gate":
      return run.atGate(step.name);
    case "pause":
      return sleep(step.ms);
    case "stall":
      return new Promise(() => undefined);
    case "reading":
      if (step.on) socket.resume();
      else socket.pause();
      return;
    case "half-close":
      socket.end();
      return;
    case "close":
      stage.closing("origin-fin");
      return new Promise((resolve) => {
        socket.end(() => {
          // Later bytes of the client are answered with RST, as by a server that has gone away.
          setTimeout(() => socket.destroy(), 50);
          resolve();
        });
      });
    case "cut":
      stage.closing("origin-fin");
      // What was sent before must have left.
      await sleep(20);
      raw.destroy();
      return;
    case "reset":
      stage.closing("origin-reset");
      // What was sent before must have left, or RST would overtake it.
      await sleep(20);
      raw.resetAndDestroy();
      return;
  }
}

/** Sends bytes and waits until the connection can take more. */
function send(stage: Stage, said: string): Promise<void> | void {
  const { socket } = stage;
  const text = stage.leave ? stage.leave.in(said) : said;
  if (text === "" || !socket.writable) return;
  const bytes = Buffer.from(text, "latin1");
  stage.sent(bytes);
  if (socket.write(bytes)) return;
  return new Promise((resolve) => socket.once("drain", resolve));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
