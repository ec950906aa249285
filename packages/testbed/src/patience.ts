/**
 * How long a test, a hook and a poll may take. Tests share their machine with other work, which may stop any of
 * their processes for seconds; what never comes fails all the same. Vitest's own limits are 5, 10 and 1 second.
 */
export const PATIENCE = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
} as const;
