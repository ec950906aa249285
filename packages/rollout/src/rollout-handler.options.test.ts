import { describe, expect, test } from "vitest";
import { testGateway } from "../test/test-gateway.ts";

describe("a setting out of range", () => {
  test.each([
    ...[-1, -0.1, NaN, Infinity, -Infinity, 2 ** 31].map((readTimeoutMs) => ({
      settings: { readTimeoutMs },
      message: `readTimeoutMs is ${readTimeoutMs}, not 0 to 2147483647 ms`,
    })),
    ...[-1, -0.1, NaN, Infinity, -Infinity, 2 ** 31].map((staleIfErrorMs) => ({
      settings: { staleIfErrorMs },
      message: `staleIfErrorMs is ${staleIfErrorMs}, not 0 to 2147483647 ms`,
    })),
  ])("is refused: $message", ({ settings, message }) => {
    expect(() => testGateway(settings)).toThrow(new RangeError(message));
  });

  test.each([
    { readTimeoutMs: 0, staleIfErrorMs: 0 },
    { readTimeoutMs: 2 ** 31 - 1, staleIfErrorMs: 2 ** 31 - 1 },
    { readTimeoutMs: undefined, staleIfErrorMs: undefined },
    { healthPath: undefined, logger: undefined, attribution: undefined },
  ])("is none of %j, which serves", async (settings) => {
    expect((await testGateway(settings)()).status).toBe(200);
  });
});
