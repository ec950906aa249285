let pending: Promise<void> | undefined;

/**
 * Resolves when every event that reached the process before now has been handled.
 *
 * Node may deliver a request before a change of the config file that came first, and the request must
 * still obey that change. The reasons: the events of a batch are not in the order in which they came,
 * and a socket is read for as long as it has more. So this waits for one more poll for events.
 * Requests that arrive together share one wait.
 */
export function pendingEvents(): Promise<void> {
  pending ??= new Promise((resolve) => {
    setImmediate(() => {
      pending = undefined;
      // The event loop polls for events between the two immediates.
      setImmediate(resolve);
    });
  });
  return pending;
}
