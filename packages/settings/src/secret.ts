import type { Rule } from "./setting.ts";
import { valueThat } from "./rules.ts";

const SHORTEST_SECRET = 32;

/**
 * A secret that nobody can guess. White space around it is taken off: a line feed comes with many a file,
 * and nobody sees that two secrets differ by it.
 */
export const secretText: Rule<string> = valueThat(
  (text) => text.trim().length >= SHORTEST_SECRET,
  (text) => text.trim(),
  `at least ${SHORTEST_SECRET} characters`,
);

/**
 * A secret that goes into a header as `Bearer <token>`: with white space or other letters in it, some clients
 * could not send it. White space around it is taken off.
 */
export const bearerToken: Rule<string> = valueThat(
  (text) => text.trim().length >= SHORTEST_SECRET && /^[\x21-\x7e]+$/.test(text.trim()),
  (text) => text.trim(),
  `at least ${SHORTEST_SECRET} printable ASCII characters without white space`,
);
