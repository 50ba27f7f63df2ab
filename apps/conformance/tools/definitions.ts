// What a case says, in words: the origin's script step by step, what is performed, and what must be seen.
import type { Case } from "@anyhttp/conformance";
import type { Answer, Door, Perform, Script, Step, Together } from "@anyhttp/conformance/case";
import type { AnswerText, Definition, Paragraph } from "../src/data.ts";
import { cut, inline, outlineOf, sourceOf } from "./words.ts";

/** One thing that a case does. */
type Act = Extract<Perform, { readonly kind: string }>;

/** Titles of the fault catalogue, by id. */
export type Catalogue = ReadonlyMap<string, string>;

/** The definition of a case, still without its trace. */
export function definitionOf(of: Case, catalogue: Catalogue): Omit<Definition, "trace"> {
  const notes: string[] = [];
  if (of.exclusive === true) notes.push("runs alone, because it judges durations closely");
  if (of.deadline !== undefined) notes.push(`must be over within ${of.deadline} ms`);
  if (of.probes !== undefined) notes.push(`finds out whether ${of.probes} is declared truly`);
  return {
    hint: of.hint,
    catalogue: (of.catalogue ?? []).map((id) => ({ id, title: catalogue.get(id) ?? "" })),
    requires: of.requires ?? {},
    notes,
    given: [...optionsOf("Options of the session", of.session), ...transportOf(of), ...doorsOf(of)],
    origin: answersOf(of.origin),
    perform: performOf(of.perform),
    expect: outlineOf(of.expect),
    otherwise: otherwiseOf(of),
  };
}

function optionsOf(text: string, options: unknown): Paragraph[] {
  if (options === undefined) return [];
  if (typeof options === "function") return [{ text, code: sourceOf(options as () => unknown) }];
  return [{ text, code: outlineOf(options as object) }];
}

function transportOf(of: Case): Paragraph[] {
  return optionsOf("Options of the transport", of.transport);
}

function doorsOf({ doors }: Case): Paragraph[] {
  return Object.entries(doors)
    .filter(
      ([name, door]) => name !== "main" || Object.keys(door).length > 1 || door.kind !== "plain",
    )
    .map(([name, door]) => doorOf(name, door));
}

function doorOf(name: string, door: Door): Paragraph {
  const text = `Door ${name}: ${doorText(door)}`;
  if (!("greeting" in door) || !door.greeting) return { text };
  const steps = door.greeting.steps.map((step) => stepText(step).text).join("; ");
  return { text: `${text}; as soon as somebody connects: ${steps}` };
}

function doorText(door: Door): string {
  switch (door.kind) {
    case "plain":
      return door.host === undefined ? "plain HTTP" : `plain HTTP at ${door.host}`;
    case "tls": {
      const { certificate, maxVersion, host } = door;
      const shown =
        certificate === "good" ? "a good certificate" : `a certificate that is ${certificate}`;
      return `HTTPS${host === undefined ? "" : ` at ${host}`}, ${shown}${maxVersion === undefined ? "" : `, at most ${maxVersion}`}`;
    }
    case "mute":
      return `accepts connections and says nothing (${door.scheme})`;
    case "refused":
      return "nobody listens there";
    case "unaccepting":
      return "never accepts a connection";
  }
}

function answersOf(script: Script): AnswerText[] {
  if (Array.isArray(script)) {
    return (script as readonly Answer[]).map((answer, index) =>
      answerText(answer, answer.repeats === true ? "every request" : `request ${index + 1}`),
    );
  }
  return Object.entries(script as Readonly<Record<string, readonly Answer[]>>).flatMap(
    ([path, answers]) =>
      answers.map((answer, index) => {
        const which = answers.length > 1 ? `, time ${index + 1}` : "";
        return answerText(
          answer,
          `${path || "/"}${answer.repeats === true ? ", every time" : which}`,
        );
      }),
  );
}

function answerText({ steps }: Answer, to: string): AnswerText {
  const texts: Paragraph[] = [];
  for (const step of steps.slice(0, 40)) {
    // A whole response is written with its content even if it has none.
    if (step.do === "send" && step.bytes === "") continue;
    texts.push(stepText(step));
  }
  if (steps.length > 40) texts.push({ text: `… and ${steps.length - 40} more steps` });
  return { to, steps: texts };
}

function stepText(step: Step): Paragraph {
  switch (step.do) {
    case "await":
      return {
        text:
          step.what === "head"
            ? "waits until its head has arrived"
            : "waits until all of it has arrived",
      };
    case "head": {
      const lines = step.fields.map(([name, value]) => `${name}: ${value}`);
      const first = `HTTP/${step.version} ${step.status} ${step.reason}`;
      return { text: "sends a head", code: cut([first, ...lines].join("\n"), 1200) };
    }
    case "send":
      return step.bytes === ""
        ? { text: "sends no content" }
        : {
            text: `sends ${step.bytes.length} bytes${step.content === true ? " of content" : ""}`,
            code: cut(inline(step.bytes).slice(1, -1), 1200),
          };
    case "repeat":
      return {
        text: `sends the same ${step.times} times`,
        code: cut(inline(step.bytes).slice(1, -1)),
      };
    case "filler":
      return { text: `sends ${step.length} bytes of filler` };
    case "trickle":
      return {
        text: `sends ${step.bytes.length} bytes, ${step.size} every ${step.every} ms`,
        code: cut(inline(step.bytes).slice(1, -1)),
      };
    case "gate":
      return { text: `waits until the case opens the gate “${step.name}”` };
    case "pause":
      return { text: `waits for ${step.ms} ms` };
    case "stall":
      return { text: "does nothing more until the client closes the connection" };
    case "reading":
      return { text: step.on ? "reads on" : "stops reading" };
    case "half-close":
      return { text: "sends FIN and keeps reading" };
    case "close":
      return { text: "sends FIN and is done with the connection" };
    case "cut":
      return { text: "ends TCP below TLS, without a word of TLS about it" };
    case "reset":
      return { text: "sends RST" };
  }
}

function performOf(perform: Case["perform"]): Paragraph[] {
  if (typeof perform === "function") {
    return [{ text: "A function over the kit of the case", code: sourceOf(perform) }];
  }
  return [perform].flat().map((step) => actOf(step));
}

function actOf(act: Act): Paragraph {
  switch (act.kind) {
    case "together":
      return {
        text: `${act.calls.length} calls at once`,
        code: cut(act.calls.map((one) => actLine(one)).join("\n"), 2400),
      };
    case "exchange": {
      const headers = act.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
      return { text: actLine(act), ...(headers !== "" && { code: cut(headers, 1200) }) };
    }
    case "call":
      return { text: actLine(act), ...codeOf(act.options) };
    case "fetch":
      return { text: actLine(act), ...codeOf(act.init) };
  }
}

function codeOf(options: object | (() => object)): { code?: string } {
  if (typeof options === "function") return { code: sourceOf(options as () => unknown) };
  return Object.keys(options).length === 0 ? {} : { code: cut(outlineOf(options), 6000) };
}

function actLine(act: Exclude<Act, Together>): string {
  const to = `${act.method} ${act.url || "the base URL"}`;
  if (act.kind === "exchange") return `${to}, on the bare transport`;
  const by = act.kind === "fetch" ? ", by toFetch(session)" : "";
  const { abort } = act;
  const aborting = abort ? `; aborted: ${abort.when} (reason ${inline(abort.reason)})` : "";
  return `${to}${by}, ${readingOf(act.read)}${aborting}`;
}

function readingOf(read: unknown): string {
  if (read === "nothing") return "content left alone";
  if (read === "discard") return "content discarded";
  return `content read ${typeof read === "string" ? `as ${read}` : "by a function"}`;
}

function otherwiseOf({ otherwise }: Case): Definition["otherwise"] {
  if (!otherwise) return null;
  switch (otherwise.kind) {
    case "refuses": {
      const option = otherwise.option === undefined ? "" : ` and the option ${otherwise.option}`;
      const text = `core must refuse with an UnsupportedError that names the capability ${otherwise.capability}${option}, and nothing may arrive`;
      return { text, expect: null };
    }
    case "not-applicable":
      return { text: `nothing can be judged without ${otherwise.capability}`, expect: null };
    case "expects": {
      const { expect, origin, perform } = otherwise;
      const other = [origin && "the origin's script", perform && "what is performed"].filter(
        Boolean,
      );
      const text =
        other.length > 0
          ? `another outcome is judged, with ${other.join(" and ")} replaced`
          : "another outcome is judged";
      return { text, expect: outlineOf(expect) };
    }
  }
}
