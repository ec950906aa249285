import { expect, vi } from "vitest";
import { send } from "./http-client.ts";
import type { EventLine, RuntimeUnderTest } from "./runtime.ts";

/** The statuses of two requests around those that are looked at: errors are never sampled away. */
const OPENING = 598;
const CLOSING = 599;

/**
 * All the events that come of what `action` sends. One request is sent before it and one after it,
 * and what comes between their events is its: where an event is too many, it is among them. The
 * origins must answer `byStatus`.
 *
 * @param clientIp Whose those two are: of a client of the same process, where there are several.
 */
export async function eventsOf(
  gateway: RuntimeUnderTest,
  action: () => Promise<unknown>,
  clientIp?: string,
): Promise<EventLine[]> {
  let start = gateway.events.length;

  async function mark(wanted: number): Promise<number> {
    const from = clientIp === undefined ? {} : { clientIp };
    const { status } = await send(gateway, { ...from, path: `/status/${wanted}` });
    expect(status).toBe(wanted);
    return vi.waitFor(
      () => {
        const found = gateway.events.findIndex((event, i) => i >= start && event.status === wanted);
        if (found < 0) throw new Error(`no event of status ${wanted}`);
        return found;
      },
      { timeout: 10_000, interval: 2 },
    );
  }

  start = (await mark(OPENING)) + 1;
  await action();
  return gateway.events.slice(start, await mark(CLOSING));
}
