import type { RolloutPath } from "@edgezero/rollout";
import { describe, expect, test, vi } from "vitest";
import type { OnStage } from "../stage.ts";
import type { FailSafeCase, StoreContent } from "../fail-safe-cases.ts";
import { FAIL_SAFE_CASES } from "../fail-safe-cases.ts";
import { send } from "../http-client.ts";
import type { LogLine, Runtime, RuntimeUnderTest } from "../runtime.ts";

/** The fail-safe table: each row through HTTP, with the reason that was logged for the request. */
export function describeFailSafe(runtime: Runtime, onStage: OnStage): void {
  const cases = FAIL_SAFE_CASES.filter(({ store }) => canHold(runtime, store));

  describe("fail-safe table", () => {
    test.each(cases)("$row: $what gives $path, $reason", async (theCase) => {
      const { gateway } = onStage();
      await hold(gateway, theCase.store);
      for (const [clientIp, path] of expectedPaths(runtime, theCase)) {
        const before = gateway.log.length;
        const answer = await send(gateway, { clientIp });
        expect([answer.status, answer.path]).toEqual([200, path]);
        expect(answer.text).toBe(`${path} origin`);
        const { reason, rolloutPct } = theCase;
        expect(await decisionAfter(gateway, before)).toMatchObject({ path, reason, rolloutPct });
      }
    });

    test("a store that was missing is there again", async () => {
      const { gateway } = onStage();
      await hold(gateway, null);
      expect((await send(gateway)).path).toBe("legacy");
      await hold(gateway, { edgezero_enabled: "true", edgezero_rollout_pct: "100" });
      expect((await send(gateway)).path).toBe("edgezero");
    });

    test("/health answers even while the store is missing, and takes no path", async () => {
      const { gateway } = onStage();
      await hold(gateway, null);
      const { status, text, path } = await send(gateway, { path: "/health?from=balancer" });
      expect([status, text, path]).toEqual([200, "ok", undefined]);
    });
  });
}

function canHold({ unreadableKeys }: Runtime, store: StoreContent): boolean {
  return !isUnreadable(store) || unreadableKeys.includes(store.unreadable);
}

async function hold(gateway: RuntimeUnderTest, store: StoreContent): Promise<void> {
  await (isUnreadable(store) ? gateway.makeUnreadable(store.unreadable) : gateway.write(store));
}

function isUnreadable(store: StoreContent): store is { readonly unreadable: string } {
  return store !== null && "unreadable" in store;
}

/** Who is asked, and what each must get: where the bucket decides, both sides of the line. */
function expectedPaths(
  { clients }: Runtime,
  { path, rolloutPct }: FailSafeCase,
): [string, RolloutPath][] {
  const sorted = clients.toSorted((a, b) => a.bucket - b.bucket);
  const below = sorted.findLast(({ bucket }) => bucket < rolloutPct) ?? sorted[0];
  const above = sorted.find(({ bucket }) => bucket >= rolloutPct) ?? sorted[0];
  if (below === undefined || above === undefined) throw new Error("there are no clients");
  if (path !== "by bucket") return [[below.text, path]];
  return [
    [below.text, "edgezero"],
    [above.text, "legacy"],
  ];
}

/** The decision that was logged for the request since then. */
async function decisionAfter({ log }: RuntimeUnderTest, start: number): Promise<LogLine> {
  return vi.waitFor(() => {
    const line = log.slice(start).find((entry) => "path" in entry && "reason" in entry);
    if (line === undefined) throw new Error("no decision was logged");
    return line;
  }, 5000);
}
