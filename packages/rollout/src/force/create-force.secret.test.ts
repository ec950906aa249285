import { describe, expect, test, vi } from "vitest";
import { pathOf, SECRET, tokenFor } from "../../test/forced-gateway.ts";
import { loggerThat, messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { answers, neverAnswers, rejects, throws } from "../../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";
import { createForce } from "./create-force.ts";

const error = new Error(`the secret is ${SECRET}`);
const broken = throws(error);

const toLegacy = await tokenFor("legacy");

const short = (length: number) =>
  `forced paths are off: the force secret has ${length} characters: it must have at least 32`;

describe("the secret", () => {
  const headers = { "x-edgezero-force": toLegacy };

  test.each([
    { as: "a text", given: SECRET },
    { as: "a function", given: () => SECRET },
    { as: "an async function", given: async () => SECRET },
  ])("may be $as", async ({ given }) => {
    expect(await pathOf(headers, { secret: given })).toBe("forced to legacy");
  });

  test.each([
    { what: "null", given: answers(null) },
    { what: "undefined", given: answers(undefined) },
    { what: "null later", given: async () => null },
  ])(
    "that is not there means that no token counts, and nothing is said: $what",
    async ({ given }) => {
      const logger = recordingLogger();
      const options = { secret: given as () => null, logger };
      expect(await pathOf(headers, options)).toBe("edgezero");
      expect(logger.lines).toEqual([]);
    },
  );

  const unreadable = "forced paths are off: the force secret cannot be read";
  test.each([
    { what: "throws", given: broken, warning: unreadable },
    { what: "rejects", given: rejects(error), warning: unreadable },
    { what: "throws a RangeError", given: throws(new RangeError(SECRET)), warning: unreadable },
    { what: "rejects with its text", given: rejects(SECRET), warning: unreadable },
    { what: "is a number", given: answers(5), warning: unreadable },
    { what: "is too short", given: answers("hunter2"), warning: short(7) },
    { what: "is too short by one", given: async () => "x".repeat(31), warning: short(31) },
    { what: "is empty", given: answers(""), warning: short(0) },
  ])("that $what is warned of once, and never told", async ({ given, warning }) => {
    const logger = recordingLogger();
    const { override } = createForce<Request>({ secret: given as () => string, logger });
    const request = new Request("https://site.example/", { headers });
    const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
    const unhandled = await unhandledRejectionsOf(async () => {
      expect([await override(request, state), await override(request, state)]).toEqual([
        null,
        null,
      ]);
    });
    expect(unhandled).toEqual([]);
    expect(logger.lines).toEqual([{ level: "warn", message: warning, fields: undefined }]);
    expect(JSON.stringify(logger.lines)).not.toMatch(/a secret of|hunter2|xxx/);
  });

  test("that never comes is waited for a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const logger = recordingLogger();
      const path = pathOf(headers, { secret: neverAnswers as () => never, logger });
      await vi.advanceTimersByTimeAsync(1000);
      expect(await path).toBe("edgezero");
      expect(messages(logger, "warn")).toEqual([unreadable]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is asked for only by a token that is well-formed and not expired", async () => {
    const find = vi.fn<() => string>(() => SECRET);
    const expired = toLegacy.replace(/\d{10}/, "1000000000");
    for (const text of [undefined, "", "legacy", `${toLegacy}x`, expired]) {
      await pathOf(text === undefined ? {} : { "x-edgezero-force": text }, { secret: find });
    }
    expect(find).not.toHaveBeenCalled();
    await pathOf(headers, { secret: find });
    expect(find).toHaveBeenCalledOnce();
  });

  test("may change, and holds from the next request", async () => {
    let now = SECRET;
    const { override } = createForce<Request>({ secret: () => now });
    const request = new Request("https://site.example/", { headers });
    const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
    expect(await override(request, state)).toBe("legacy");
    now = `${SECRET}, another`;
    expect(await override(request, state)).toBeNull();
    now = SECRET;
    expect(await override(request, state)).toBe("legacy");
  });

  test.each(["", "hunter2", "x".repeat(31)])(
    "is refused at once where it is short: %j",
    (given) => {
      const message = `the force secret has ${given.length} characters: it must have at least 32`;
      expect(() => createForce({ secret: given })).toThrow(new RangeError(message));
    },
  );

  test("that cannot be had, with a logger that fails too, changes nothing", async () => {
    const logger = loggerThat(rejects(error));
    const unhandled = await unhandledRejectionsOf(async () => {
      expect(await pathOf(headers, { secret: broken as () => never, logger })).toBe("edgezero");
      expect(await pathOf(headers, { secret: broken as () => never })).toBe("edgezero");
    });
    expect(unhandled).toEqual([]);
  });
});
