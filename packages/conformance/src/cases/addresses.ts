import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import type { KnownClient, Runtime } from "../runtime.ts";
import { enabledAt } from "../stage.ts";

const PCTS = [1, 10, 50, 99];
const AT_ONCE = 8;

/** The bucket decides each client's path, equally on every runtime. */
export function describeAddresses({ clients }: Runtime, onStage: OnStage): void {
  describe("client addresses", () => {
    test("there are at least 500 of them, in nearly every bucket", () => {
      expect(clients.length).toBeGreaterThanOrEqual(500);
      expect(new Set(clients.map(({ bucket }) => bucket)).size).toBeGreaterThan(95);
    });

    test.each(PCTS)("at %i per cent, all land where the vectors say", async (pct) => {
      const { gateway } = onStage();
      await gateway.write(enabledAt(pct));
      const landed: Record<string, string | undefined> = {};
      await forEach(clients, async ({ text }) => {
        landed[text] = (await send(gateway, { clientIp: text })).path;
      });
      const expected = clients.map(({ text, bucket }) => {
        return [text, bucket < pct ? "edgezero" : "legacy"];
      });
      expect(landed).toEqual(Object.fromEntries(expected));
    });
  });
}

async function forEach(
  clients: readonly KnownClient[],
  action: (client: KnownClient) => Promise<void>,
): Promise<void> {
  const queue = clients.values();
  const worker = async (): Promise<void> => {
    for (const client of queue) await action(client);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
