import { describe, expect, test } from "vitest";
import { storeOf } from "../test/scripted-store.ts";
import type { TestOptions } from "../test/test-gateway.ts";
import { testGateway } from "../test/test-gateway.ts";
import { createRollout } from "./rollout.ts";
import { createRolloutHandler } from "./rollout-handler.ts";

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

const path = (): Response => new Response();

describe("a required option that is missing or of the wrong kind", () => {
  const right = { configStore: storeOf("1", "1"), legacy: path, edgezero: path };

  test.each([
    { options: { legacy: undefined }, message: "legacy is undefined, not a function" },
    { options: { legacy: null }, message: "legacy is object, not a function" },
    { options: { edgezero: "https://origin" }, message: "edgezero is string, not a function" },
    { options: { edgezero: { fetch: path } }, message: "edgezero is object, not a function" },
    {
      options: { configStore: undefined },
      message: "configStore.get is undefined, not a function",
    },
    { options: { configStore: null }, message: "configStore.get is undefined, not a function" },
    {
      options: { configStore: new Map().size },
      message: "configStore.get is undefined, not a function",
    },
    { options: { configStore: { get: 1 } }, message: "configStore.get is number, not a function" },
  ])("is refused when the handler is created: $message", ({ options, message }) => {
    const given = { ...right, ...options } as unknown as TestOptions;
    expect(() => createRolloutHandler(given)).toThrow(new TypeError(message));
  });

  test("is found where its name is misspelt", () => {
    const { legacy: legacey, ...rest } = right;
    const given = { ...rest, legacey } as unknown as TestOptions;
    const error = new TypeError("legacy is undefined, not a function");
    expect(() => createRolloutHandler(given)).toThrow(error);
  });

  test("is refused by createRollout too", () => {
    const error = new TypeError("configStore.get is undefined, not a function");
    expect(() => createRollout({} as unknown as TestOptions)).toThrow(error);
    const { configStore } = right;
    expect(() => createRollout({ configStore, readTimeoutMs: -1 })).toThrow(RangeError);
    expect(() => createRollout({ configStore, staleIfErrorMs: NaN })).toThrow(RangeError);
  });
});
