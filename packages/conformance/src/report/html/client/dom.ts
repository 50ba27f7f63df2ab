/* Makes elements. Text always becomes text nodes, so nothing that a case or a peer said can become markup. */

/** What an element may contain. */
export type Child = Node | string | number | false | null | undefined | readonly Child[];

/** Attributes; functions become listeners (`onclick`), `false` and `null` leave the attribute out. */
type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>;

/** The page, element by element. */
export interface Dom {
  readonly h: <Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    attributes?: Attributes | null,
    ...children: readonly Child[]
  ) => HTMLElementTagNameMap[Tag];
  /** An element that the page is known to have. */
  readonly byId: (id: string) => HTMLElement;
  /** A whole number for people: `12,345`. */
  readonly number: (value: number) => string;
  /** `1 case`, `2 cases`. */
  readonly plural: (count: number, one: string) => string;
}

/** Makes the {@link Dom}. */
export function dom(): Dom {
  const format = new Intl.NumberFormat("en");

  function append(parent: Element, child: Child): void {
    if (child === null || child === undefined || child === false) return;
    if (child instanceof Node) parent.append(child);
    else if (typeof child === "object") for (const one of child) append(parent, one);
    else parent.append(String(child));
  }

  return {
    h(tag, attributes, ...children) {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (typeof value === "function") element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : String(value));
      }
      append(element, children);
      return element;
    },
    byId(id) {
      const element = document.querySelector<HTMLElement>(`#${id}`);
      if (!element) throw new Error(`The page lacks #${id}`);
      return element;
    },
    number: (value) => format.format(value),
    plural: (count, one) => `${format.format(count)} ${one}${count === 1 ? "" : "s"}`,
  };
}
