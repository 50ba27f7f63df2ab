/* The cookie jar, on a path of its own: the list of public suffixes weighs more than all the rest. */

export * from "@anyhttp/cookies";
