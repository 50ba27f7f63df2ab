/* Where the specifications are that cases refer to: `RFC 9110 §15.4.4`, `WHATWG Fetch §4.4`. */

const living: Readonly<Record<string, string>> = {
  compression: "https://compression.spec.whatwg.org/",
  dom: "https://dom.spec.whatwg.org/",
  encoding: "https://encoding.spec.whatwg.org/",
  fetch: "https://fetch.spec.whatwg.org/",
  html: "https://html.spec.whatwg.org/multipage/",
  "mime sniffing": "https://mimesniff.spec.whatwg.org/",
  streams: "https://streams.spec.whatwg.org/",
  url: "https://url.spec.whatwg.org/",
  xhr: "https://xhr.spec.whatwg.org/",
};

/**
 * The page of a reference, at its section if it names one; `null` if the reference is to something unknown. Sections of
 * living standards are renumbered, so only a fragment (`WHATWG Fetch #http-redirect-fetch`) is followed there.
 */
export function specUrl(reference: string): string | null {
  const rfc = /^RFC ?(\d+)(?:,? (?:§|section |appendix )?([0-9A-Z]+(?:\.\d+)*))?/i.exec(reference);
  if (rfc) {
    const [, number = "", section] = rfc;
    const page = `https://www.rfc-editor.org/rfc/rfc${number}`;
    if (section === undefined) return page;
    return `${page}#${/^\d/.test(section) ? "section" : "appendix"}-${section}`;
  }
  const standard = /^(?:WHATWG )?([a-z]+(?: sniffing)?)(?=$|[\s,])(?:.*#([\w-]+))?/i.exec(
    reference,
  );
  const page = living[standard?.[1]?.toLowerCase() ?? ""];
  if (page === undefined) return null;
  return standard?.[2] === undefined ? page : `${page}#${standard[2]}`;
}
