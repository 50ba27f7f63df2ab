/* What the reader is looking at, kept in the fragment of the address, so that every view and every case can be linked. */

/** The parts of the view that are lists of which any may apply; an empty list filters nothing. */
export const choices = [
  "outcomes",
  "areas",
  "levels",
  "capabilities",
  "transports",
  "runtimes",
] as const;

/** One of them. */
export type Choice = (typeof choices)[number];

/** What is shown. */
export type View = Readonly<Record<Choice, readonly string[]>> & {
  readonly page: "matrix" | "capabilities" | "run";
  readonly query: string;
  /** What columns are grouped by. */
  readonly by: "runtime" | "transport";
  /** Id of the case that is open, and the key of a column if one is looked at closely. */
  readonly open: string | null;
  readonly column: string | null;
};

const names: Readonly<Record<Choice, string>> = {
  outcomes: "outcome",
  areas: "area",
  levels: "level",
  capabilities: "capability",
  transports: "transport",
  runtimes: "runtime",
};

/** Everything, from the beginning. */
export const plainView: View = {
  page: "matrix",
  query: "",
  outcomes: [],
  areas: [],
  levels: [],
  capabilities: [],
  transports: [],
  runtimes: [],
  by: "runtime",
  open: null,
  column: null,
};

/** Reads a fragment. */
export function readView(fragment: string): View {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  const page = said.get("view");
  const lists = choices.map((choice) => {
    return [choice, said.get(names[choice])?.split(",").filter(Boolean) ?? []] as const;
  });
  return {
    ...plainView,
    ...(Object.fromEntries(lists) as Record<Choice, string[]>),
    page: page === "capabilities" || page === "run" ? page : "matrix",
    query: said.get("q") ?? "",
    by: said.get("by") === "transport" ? "transport" : "runtime",
    open: said.get("case"),
    column: said.get("on"),
  };
}

/** Writes a fragment; what is as in {@link plainView} is left out. */
export function writeView(view: View): string {
  const pairs: [string, string][] = [
    ["view", view.page === "matrix" ? "" : view.page],
    ["q", view.query],
    ...choices.map((choice): [string, string] => [names[choice], view[choice].join(",")]),
    ["by", view.by === "runtime" ? "" : view.by],
    ["case", view.open ?? ""],
    ["on", view.column ?? ""],
  ];
  const said = new URLSearchParams(pairs.filter(([, value]) => value !== ""));
  // A fragment may hold these as they are (RFC 3986 §3.5), and people read it.
  return `#${said.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%40", "@")}`;
}

/** Whether cases are filtered, so that areas should be seen unfolded. */
export function isFiltered({ query, outcomes, areas, levels, capabilities }: View): boolean {
  return query !== "" || [outcomes, areas, levels, capabilities].some((list) => list.length > 0);
}
