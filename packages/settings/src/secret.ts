import type { Rule } from "./setting.ts";
import { textThat } from "./rules.ts";

const SHORTEST_SECRET = 32;

/** A secret that nobody can guess. */
export const secretText: Rule<string> = textThat(
  (text) => text.length >= SHORTEST_SECRET,
  `at least ${SHORTEST_SECRET} characters`,
);
