import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import type { LogLine, Runtime, RuntimeUnderTest } from "../runtime.ts";
import { casesOf, expectedPaths, hold } from "../store-content.ts";

/** The fail-safe table: each row through HTTP, with the reason that was logged for the request. */
export function describeFailSafe(runtime: Runtime, onStage: OnStage): void {
  describe("fail-safe table", () => {
    test.each(casesOf(runtime))("$row: $what gives $path, $reason", async (theCase) => {
      const { gateway } = onStage();
      await hold(gateway, theCase.store);
      for (const [client, path] of expectedPaths(runtime, theCase)) {
        const before = gateway.log.length;
        const answer = await send(gateway, { clientIp: client.text });
        expect([answer.status, answer.path]).toEqual([200, path]);
        expect(answer.text).toBe(`${path} origin`);
        const { reason, rolloutPct } = theCase;
        await expect
          .poll(() => decisionAfter(gateway, before))
          .toMatchObject({ path, reason, rolloutPct });
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

/** The first decision that is logged from that line on. */
function decisionAfter({ log }: RuntimeUnderTest, start: number): LogLine | undefined {
  return log.slice(start).find((entry) => "path" in entry && "reason" in entry);
}
