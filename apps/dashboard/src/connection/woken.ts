/** Resolves when the network is back, or the tab is looked at again, or the waiting is over. */
export async function woken(over: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([over, ended.signal]);
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (document.visibilityState === "visible") resolve();
    };
    globalThis.addEventListener("online", () => resolve(), { signal });
    document.addEventListener("visibilitychange", look, { signal });
    over.addEventListener("abort", () => resolve(), { signal: ended.signal });
  });
  ended.abort();
}
