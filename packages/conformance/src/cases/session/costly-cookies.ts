/* A set-cookie field that is costly to read (ids `session/storms/…`). */

import { atMost, type Case, defineCase, respond } from "../../case.ts";

/** Cases of `session/storms` about set-cookie. */
export const costlyCookieCases: readonly Case[] = [
  defineCase({
    id: "session/storms/costly-set-cookie-of-spaces",
    title: "a field set-cookie of white space, and no more, must cost nothing",
    level: "must",
    spec: ["RFC 6265 §5.2"],
    catalogue: ["V-DOS-06"],
    // White space to a pattern, and none to the parser of a head, which would take it off.
    origin: [respond(200, [["set-cookie", `${"\u00A0".repeat(1500)}x`]], "ok")],
    async perform(kit) {
      const response = await kit.within(5000, kit.session.get("a"), "the head");
      const began = performance.now();
      kit.note("cookies", Object.keys(response.cookies).length);
      kit.note("used", performance.now() - began);
      await response.text();
    },
    expect: { facts: { cookies: 0, used: atMost(250) } },
    exclusive: true,
    hint: "check that no pattern goes back over what it has read",
  }),
];
