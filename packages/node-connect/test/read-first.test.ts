import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { readFirst } from "../src/index.ts";

/** A socket whose writes come to this. */
function socketOf(outcome: Error | null): { socket: Socket; told: string[] } {
  const socket = new Socket();
  const told: string[] = [];
  socket._write = (_chunk, _encoding, callback) => callback(outcome);
  socket._writev = (_chunks, callback) => callback(outcome);
  readFirst(socket);
  readFirst(socket);
  socket.on("error", ({ message }) => told.push(message));
  return { socket, told };
}

const poll = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a failure to write", () => {
  it.each(["one write", "several at once"])(
    "is told when what has come was read: %s",
    async (how) => {
      const { socket, told } = socketOf(new Error("broken pipe"));
      socket.cork();
      socket.write("a");
      if (how !== "one write") socket.write("b");
      socket.uncork();
      await Promise.resolve();
      expect([socket.destroyed, told]).toEqual([false, []]);
      for (let turn = 0; turn < 4; turn++) await poll();
      expect([socket.destroyed, told]).toEqual([true, ["broken pipe"]]);
    },
  );

  it("is all that waits", () => {
    const { socket } = socketOf(null);
    socket.write("a");
    expect(socket.writableLength).toBe(0);
    socket.destroy();
  });
});
