/** Thrown where an action took longer than it may. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Runs an action that may take `limitMs` milliseconds, and stops waiting for it after that time. Then
 * the signal aborts, so that the action can stop too. One that does not stop goes on unseen: its late
 * result or fault is ignored.
 *
 * @param message The message of the {@link DeadlineError}.
 * @throws DeadlineError when the time is up; otherwise what the action throws.
 */
export async function withDeadline<T>(
  limitMs: number,
  action: (signal: AbortSignal) => Promise<T>,
  message: string = `no answer in ${limitMs} ms`,
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const fault = new DeadlineError(message);
    late.reject(fault);
    controller.abort(fault);
  }, limitMs);
  try {
    return await Promise.race([action(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
