/** Thrown where something took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Runs an action that may take `limitMs` milliseconds, and gives up on it after that. The action goes
 * on unless it heeds its signal, which aborts at that moment; what it then gives or throws is ignored.
 *
 * @throws DeadlineError when the time is up; otherwise what the action throws.
 */
export async function withDeadline<T>(
  limitMs: number,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const fault = new DeadlineError(`no answer in ${limitMs} ms`);
    late.reject(fault);
    controller.abort(fault);
  }, limitMs);
  try {
    return await Promise.race([action(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
