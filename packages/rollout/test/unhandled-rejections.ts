/** What was rejected, and handled by nobody, while `run` ran and until the end of that turn. */
export async function unhandledRejectionsOf(run: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", listener);
  try {
    await run();
    await new Promise(setImmediate);
    return unhandled;
  } finally {
    process.off("unhandledRejection", listener);
  }
}
