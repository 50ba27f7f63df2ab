/* The runtime that the suite runs in: its name, and what escapes in it. Feature tests only, no imports. */

/** Name and version of a runtime. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
}

interface Globals {
  readonly Deno?: { readonly version: { readonly deno: string } };
  readonly Bun?: { readonly version: string };
  readonly process?: {
    readonly version?: string;
    on?(event: string, listener: (what: unknown) => void): unknown;
    off?(event: string, listener: (what: unknown) => void): unknown;
    getActiveResourcesInfo?(): string[];
  };
  readonly navigator?: { readonly userAgent?: string };
  addEventListener?(event: string, listener: (event: EscapeEvent) => void): void;
  removeEventListener?(event: string, listener: (event: EscapeEvent) => void): void;
}

interface EscapeEvent {
  readonly type: string;
  readonly reason?: unknown;
  readonly error?: unknown;
  preventDefault(): void;
}

const globals = globalThis as unknown as Globals;

/** Which runtime this is. */
export function detectRuntime(): Runtime {
  const { Deno, Bun, process, navigator } = globals;
  const agent = navigator?.userAgent ?? "";
  if (Deno) return { name: "deno", version: Deno.version.deno };
  if (Bun) return { name: "bun", version: Bun.version };
  // It has a `process` as well.
  if (agent === "Cloudflare-Workers") return { name: "workerd", version: "" };
  if (process?.version && process.on)
    return { name: "node", version: process.version.replace(/^v/, "") };
  const [, name = "", version = ""] = /(Firefox|Chrome|Version)\/([\d.]+)/.exec(agent) ?? [];
  return { name: browsers[name] ?? "unknown", version };
}

/** By what user agents call it. */
const browsers: Readonly<Record<string, string>> = {
  Chrome: "chromium",
  Firefox: "firefox",
  Version: "webkit",
};

const faults = ["unhandledRejection", "uncaughtException", "warning"];
const events = ["unhandledrejection", "error"];

/**
 * Listens for what nobody handles: rejections, exceptions and (on Node) process warnings. Returns what stops it. Each
 * would end a process, or go unseen; no transport may cause any.
 */
export function watchEscapes(escaped: (what: string) => void): () => void {
  const { process } = globals;
  if (process?.on) {
    const listeners = faults.map((event) => {
      const listener = (what: unknown): void => {
        // Node says so about its own experiments, which is no fault of a subject.
        if (what instanceof Error && what.name === "ExperimentalWarning") return;
        escaped(`${event}: ${String(what)}`);
      };
      process.on?.(event, listener);
      return () => void process.off?.(event, listener);
    });
    return () => listeners.forEach((stop) => stop());
  }
  const listener = (event: EscapeEvent): void => {
    event.preventDefault();
    escaped(`${event.type}: ${String(event.reason ?? event.error)}`);
  };
  for (const event of events) globals.addEventListener?.(event, listener);
  return () => {
    for (const event of events) globals.removeEventListener?.(event, listener);
  };
}

/** How many timers keep the process alive, where the runtime tells. */
export function activeTimers(): number {
  const resources = resourcesOf(globals);
  return resources.filter((name) => name === "Timeout" || name === "Immediate").length;
}

function resourcesOf({ process }: Globals): readonly string[] {
  try {
    return process?.getActiveResourcesInfo?.() ?? [];
  } catch {
    // workerd has the function, and nothing in it.
    return [];
  }
}
