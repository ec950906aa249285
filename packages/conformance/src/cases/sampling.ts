import { beforeEach, describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { OnStage, Stage } from "../stage.ts";
import { allTo } from "../stage.ts";
import { answerByStatus } from "./origins-by-status.ts";

const REQUESTS = 400;
const STANDARD_DEVIATIONS = 6;

/** At a rate of 0, only the events of failed requests are written. */
export function describeOnlyErrors(onStage: OnStage): void {
  describe("sampling, rate 0", () => {
    beforeEach(() => answerByStatus(onStage()));

    test("no event of a request that went well is written, and every other is", async () => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const start = await eventsSoFar(gateway);
      for (const status of [200, 404, 500, 304, 503, 200, 504]) {
        await send(gateway, { path: `/status/${status}` });
      }
      await expect.poll(() => gateway.events.slice(start).at(-1)?.status).toBe(504);
      const events = gateway.events.slice(start);
      expect(events.map(({ status, weight }) => [status, weight])).toEqual([
        [500, 1],
        [503, 1],
        [504, 1],
      ]);
    });
  });
}

/** At a rate between 0 and 1, a written event also stands for some that are not written. */
export function describeSampling(rate: number, onStage: OnStage): void {
  describe(`sampling, rate ${rate}`, () => {
    beforeEach(() => answerByStatus(onStage()));

    test("each event says how many it stands for, and together they stand for all", async () => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const start = await eventsSoFar(gateway);
      for (let i = 0; i < REQUESTS; i++) await send(gateway);
      await send(gateway, { path: "/status/500" });
      await expect.poll(() => gateway.events.slice(start).at(-1)?.status).toBe(500);
      const weights = gateway.events.slice(start).map(({ weight }) => weight);
      expect(weights.pop()).toBe(1);
      expect(new Set(weights)).toEqual(new Set([1 / rate]));
      const stoodFor = weights.reduce((sum, weight) => sum + weight, 0);
      const allowed = STANDARD_DEVIATIONS * Math.sqrt((REQUESTS * (1 - rate)) / rate);
      expect(Math.abs(stoodFor - REQUESTS)).toBeLessThan(allowed);
    });
  });
}

/** Waits until the events of all earlier requests are written, and gives their number. */
async function eventsSoFar(gateway: Stage["gateway"]): Promise<number> {
  await send(gateway, { path: "/status/501" });
  await expect.poll(() => gateway.events.at(-1)?.status).toBe(501);
  return gateway.events.length;
}
