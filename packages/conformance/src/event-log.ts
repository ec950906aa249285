import { expect, vi } from "vitest";
import { send } from "./http-client.ts";
import type { EventLine, RuntimeUnderTest } from "./runtime.ts";

/** The path of a request that ends what is looked at, and its status: an error is never sampled away. */
const CLOSING_PATH = "/status/599";
const CLOSING_STATUS = 599;

/**
 * All the events that come of what `action` sends. One more request is sent after it, whose event
 * ends them: where an event is too many, it is among them. The origins must answer `byStatus`.
 *
 * @param clientIp Whose that request is: of a client of the same process, where there are several.
 */
export async function eventsOf(
  gateway: RuntimeUnderTest,
  action: () => Promise<unknown>,
  clientIp?: string,
): Promise<EventLine[]> {
  const start = gateway.events.length;
  await action();
  expect(
    (await send(gateway, { path: CLOSING_PATH, ...(clientIp === undefined ? {} : { clientIp }) }))
      .status,
  ).toBe(CLOSING_STATUS);
  return vi.waitFor(
    () => {
      const since = gateway.events.slice(start);
      const end = since.findIndex(({ status }) => status === CLOSING_STATUS);
      if (end < 0) throw new Error(`no closing event among ${JSON.stringify(since)}`);
      return since.slice(0, end);
    },
    { timeout: 10_000, interval: 5 },
  );
}
