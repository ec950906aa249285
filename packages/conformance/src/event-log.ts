import { PATIENCE } from "@edgezero/testbed/patience";
import { expect, vi } from "vitest";
import { send } from "./http-client.ts";
import type { EventLine, RuntimeUnderTest } from "./runtime.ts";

/** The statuses of the requests before and after the tested ones. Sampling never drops an error. */
const OPENING = 598;
const CLOSING = 599;

/**
 * All events of the requests that `action` sends. One request is sent before it and one after it; the
 * events between those two belong to `action`, also one that should not be there. The origins must
 * answer `byStatus`.
 *
 * @param clientIp The client of those two requests. With several processes, it must be one whose
 * requests reach the same process.
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
      { timeout: PATIENCE.expect.poll.timeout, interval: 2 },
    );
  }

  start = (await mark(OPENING)) + 1;
  await action();
  return gateway.events.slice(start, await mark(CLOSING));
}
