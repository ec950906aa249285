import { describe, expect, test, vi } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { naiveEpoch } from "../../test/naive-reference.ts";
import { answers, rejects, storeOf, throws } from "../../test/scripted-store.ts";
import { URL_OF_SITE } from "../../test/test-gateway.ts";
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";

const error = new Error("broken");
const broken = throws(error);

describe("an override", () => {
  test.each(["legacy", "edgezero"] as const)("to %s is taken, at once or later", async (path) => {
    for (const override of [() => path, async () => path]) {
      for (const [flag, pct] of [
        ["1", "86"],
        ["1", "0"],
        ["0", "100"],
      ] as const) {
        const configStore = storeOf(flag, pct);
        const { events, send } = attributedGateway({ override }, { configStore });
        const response = await send();
        expect(await response.text()).toBe(`from ${path}`);
        expect(response.headers.get("x-edgezero-path")).toBe(path);
        expect(events).toMatchObject([
          { path, reason: "forced", rolloutPct: flag === "1" ? Number(pct) : 0, bucket: null },
        ]);
        expect(events[0]?.excluded).toBe("forced");
      }
    }
  });

  test.each([
    { what: "null", override: answers(null) },
    { what: "null later", override: async () => null },
    { what: "undefined", override: answers(undefined) },
    { what: "another word", override: answers("configStore") },
    { what: "an object", override: answers({}) },
    { what: "another word later", override: async () => "health" },
    { what: "a throw", override: broken },
    { what: "a rejection", override: rejects(error) },
  ])("that gives $what leaves the usual decision, and its event", async ({ override }) => {
    const unhandled = await unhandledRejectionsOf(async () => {
      const { events, send } = attributedGateway(
        { override: override as () => null },
        { configStore: storeOf("1", "86") },
      );
      expect(await (await send()).text()).toBe("from edgezero");
      expect(events).toMatchObject([{ path: "edgezero", reason: "bucket", excluded: null }]);
    });
    expect(unhandled).toEqual([]);
  });

  test("gets the request and the state", async () => {
    const override = vi.fn<() => null>(() => null);
    const request = new Request(URL_OF_SITE);
    await attributedGateway({ override }, { configStore: storeOf("1", "7") }).send(request);
    const epoch = naiveEpoch("1", "7");
    const state = { enabled: true, rolloutPct: 7, reason: "bucket", epoch };
    expect(override.mock.calls).toEqual([[request, state]]);
  });
});
