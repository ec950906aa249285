/** Where clients of a site ask for its health, whoever answers there. */
const USUAL = "/health";

/**
 * The paths whose requests say nothing of a rollout, should they reach a handler: the usual one, and
 * those that the gateway itself answers.
 */
export function healthPathsOf(...own: readonly (string | null | undefined)[]): string[] {
  return [...new Set([USUAL, ...own])].filter((path) => typeof path === "string");
}
