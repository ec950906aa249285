let pending: Promise<void> | undefined;

/**
 * Resolves once every event is handled that reached the process before now.
 *
 * The system hands over events in batches, and within one not in the order in which they came. A
 * request may be handed over before the change of the config file that came first, and it must
 * still obey that change. All requests of a batch share one wait.
 */
export function pendingEvents(): Promise<void> {
  pending ??= new Promise((resolve) => {
    setImmediate(() => {
      pending = undefined;
      resolve();
    });
  });
  return pending;
}
