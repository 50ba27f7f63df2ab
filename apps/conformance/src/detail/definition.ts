/* What a case says: what the origin does, what is performed, and what both witnesses must see. */

import type { AnswerText, Definition, Paragraph } from "../data.ts";
import { h } from "../elements.ts";

/** Shows a definition. */
export function definition(of: Definition): HTMLElement[] {
  return [
    part("What the origin does", answers(of.origin), of.given.map(paragraph)),
    part("What is performed", of.perform.map(paragraph)),
    part(
      "What must be seen",
      [code(of.expect === "" ? "a response, and every request answered" : of.expect)],
      otherwise(of),
    ),
  ];
}

function part(title: string, ...inside: readonly (readonly HTMLElement[])[]): HTMLElement {
  return h("section", { class: "part" }, h("h3", null, title), inside);
}

function answers(all: readonly AnswerText[]): HTMLElement[] {
  if (all.length === 0) return [h("p", { class: "quiet" }, "It expects no request.")];
  return all.map(({ to, steps }) =>
    h(
      "div",
      { class: "answer" },
      h("h4", null, "To ", h("b", null, to)),
      h(
        "ol",
        { class: "steps" },
        steps.map((step) => h("li", null, step.text, step.code !== undefined && code(step.code))),
      ),
    ),
  );
}

function paragraph({ text, code: source }: Paragraph): HTMLElement {
  return h("div", { class: "paragraph" }, h("p", null, text), source !== undefined && code(source));
}

function otherwise({ requires, otherwise: other }: Definition): HTMLElement[] {
  if (!other) return [];
  const needs = Object.entries(requires).map(([name, value]) => `${name}: ${value}`);
  return [
    h(
      "div",
      { class: "otherwise" },
      h(
        "p",
        null,
        h("b", null, "Otherwise"),
        ", without ",
        needs.map((text, index) => [index > 0 && " and ", h("code", null, text)]),
        ": ",
        other.text,
        ".",
      ),
      other.expect !== null && code(other.expect),
    ),
  ];
}

function code(text: string): HTMLElement {
  return h("pre", { class: "code", tabindex: 0 }, text);
}
