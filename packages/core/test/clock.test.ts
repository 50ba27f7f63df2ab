import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as clockModule from "../src/clock.ts";

let clock: typeof clockModule;

class Alarm {
  at: number;
  slot = -1;
  readonly expired: number[] = [];
  constructor(at: number) {
    this.at = at;
  }
  expire(now: number): void {
    this.expired.push(now);
  }
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
  // The list of deadlines belongs to the module: each test gets its own.
  vi.resetModules();
  clock = await import("../src/clock.ts");
});

afterEach(() => {
  vi.useRealTimers();
});

/** A deadline `ms` from now, on the clock. */
function alarm(ms: number): Alarm {
  const made = new Alarm(clock.now() + ms);
  clock.arm(made);
  return made;
}

describe("the clock", () => {
  it("expires a deadline once, when it is due, and takes it off", () => {
    const one = alarm(100);
    vi.advanceTimersByTime(99);
    expect(one.expired).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(one.expired).toHaveLength(1);
    expect(one.slot).toBe(-1);
    vi.advanceTimersByTime(10_000);
    expect(one.expired).toHaveLength(1);
  });

  it("leaves alone what an expiry has moved or ended, though it was due as well", () => {
    const first = alarm(50);
    const moved = alarm(50);
    const ended = alarm(50);
    first.expire = () => {
      moved.at = clock.now() + 1000;
      clock.disarm(ended);
    };
    vi.advanceTimersByTime(60);
    expect([moved.expired, ended.expired]).toEqual([[], []]);
    vi.advanceTimersByTime(1100);
    expect(moved.expired).toHaveLength(1);
  });

  it("never expires a deadline that was disarmed, and bears a second disarming", () => {
    const one = alarm(50);
    const other = alarm(50);
    clock.disarm(one);
    clock.disarm(one);
    vi.advanceTimersByTime(1000);
    expect([one.expired.length, other.expired.length]).toEqual([0, 1]);
  });

  it("lets an earlier deadline that is armed later win", () => {
    const late = alarm(10_000);
    const early = alarm(20);
    vi.advanceTimersByTime(30);
    expect([early.expired.length, late.expired.length]).toEqual([1, 0]);
    vi.advanceTimersByTime(10_000);
    expect(late.expired).toHaveLength(1);
  });

  it("follows a deadline that moves later without being told", () => {
    const one = alarm(50);
    vi.advanceTimersByTime(40);
    one.at = clock.now() + 50;
    vi.advanceTimersByTime(40);
    expect(one.expired).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(one.expired).toHaveLength(1);
  });

  it("follows a deadline that moves earlier and is armed again", () => {
    const one = alarm(10_000);
    one.at = clock.now() + 20;
    clock.arm(one);
    vi.advanceTimersByTime(30);
    expect(one.expired).toHaveLength(1);
  });

  it("keeps the others in their places when one in the middle is taken off", () => {
    const alarms = [10, 20, 30, 40, 50].map(alarm);
    clock.disarm(alarms.at(1)!);
    clock.disarm(alarms.at(4)!);
    vi.advanceTimersByTime(100);
    expect(alarms.map((one) => one.expired.length)).toEqual([1, 0, 1, 1, 0]);
    expect(alarms.every((one) => one.slot === -1)).toBe(true);
  });

  it("lets a deadline arm itself and disarm others while it expires", () => {
    const victim = new Alarm(0);
    const again = new Alarm(clock.now() + 10);
    again.expire = (now) => {
      clock.disarm(victim);
      if (again.expired.push(now) < 3) {
        again.at = now + 10;
        clock.arm(again);
      }
    };
    victim.at = clock.now() + 25;
    clock.arm(again);
    clock.arm(victim);
    vi.advanceTimersByTime(200);
    expect([again.expired.length, victim.expired.length]).toEqual([3, 0]);
  });

  it("has one timer however many deadlines there are, and none once they have gone", () => {
    const alarms = Array.from({ length: 100 }, (_, i) => alarm(1000 + i));
    expect(vi.getTimerCount()).toBe(1);
    for (const one of alarms) clock.disarm(one);
    vi.advanceTimersByTime(2000);
    expect(vi.getTimerCount()).toBe(0);
    const next = alarm(5);
    vi.advanceTimersByTime(10);
    expect(next.expired).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps no process alive", () => {
    vi.useRealTimers();
    const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const one = alarm(60_000);
    const during = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    clock.disarm(one);
    expect(during).toBe(before);
  });

  it("waits for longer than timers can", () => {
    const longest = 2 ** 31 - 1;
    const one = alarm(longest + 5000);
    vi.advanceTimersByTime(longest);
    expect(one.expired).toEqual([]);
    vi.advanceTimersByTime(4000);
    expect(one.expired).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(one.expired).toHaveLength(1);
  });

  it("lets a deadline without a time stand still", () => {
    const one = new Alarm(Infinity);
    clock.arm(one);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1_000_000);
    expect(one.expired).toEqual([]);
    clock.disarm(one);
  });

  it("expires at once what was due before it was armed", () => {
    const one = alarm(-50);
    vi.advanceTimersByTime(5);
    expect(one.expired).toHaveLength(1);
  });
});
