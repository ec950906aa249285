let pending: Promise<void> | undefined;

/**
 * Resolves once every event is handled that reached the process before now.
 *
 * A request may be handed over before the change of the config file that came first, and it must
 * still obey that change: events come in batches, within one not in the order in which they came,
 * and a socket is read for as long as it has more, past the events of its batch. So this waits until
 * the system has been asked for events once more. Requests that come together share one wait.
 */
export function pendingEvents(): Promise<void> {
  pending ??= new Promise((resolve) => {
    setImmediate(() => {
      pending = undefined;
      // Between the one immediate and the next lies a poll for events.
      setImmediate(resolve);
    });
  });
  return pending;
}
