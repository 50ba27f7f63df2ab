import { expect, it } from "vitest";
import { failure, sessionOf } from "./support/session.ts";

const own = { error: new Error("own") } as const;

it("points the stack of a failed call at the line that awaits it", async () => {
  const { session } = sessionOf(own);
  async function whoAwaitsTheCall(): Promise<void> {
    await session.get("x");
  }
  expect((await failure(whoAwaitsTheCall())).stack).toContain("whoAwaitsTheCall");
});

it("points it at the line that awaits a reader", async () => {
  const { session } = sessionOf(own);
  async function whoAwaitsTheReader(): Promise<void> {
    await session.get("x").json();
  }
  expect((await failure(whoAwaitsTheReader())).stack).toContain("whoAwaitsTheReader");
});

it("points it at the line that reads content that breaks off", async () => {
  const { session } = sessionOf({ content: "a", ending: new Error("own") });
  async function whoReads(): Promise<void> {
    const response = await session.get("x");
    await response.text();
  }
  expect((await failure(whoReads())).stack).toContain("whoReads");
});

it("points it at the line of a call that is wrong from the start", async () => {
  const { session } = sessionOf({});
  async function whoCallsWrongly(): Promise<void> {
    await session.get("x", { timeout: -1 });
  }
  expect((await failure(whoCallsWrongly())).stack).toContain("whoCallsWrongly");
});
