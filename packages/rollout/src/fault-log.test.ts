import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loggerThat, messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import {
  answers,
  cannotBeOpened,
  neverAnswers,
  rejects,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../test/unhandled-rejections.ts";
import { logFault } from "./fault-log.ts";
import { readRollout } from "./read-rollout.ts";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("each fault has its warning", () => {
  test.each([
    {
      reason: "store-unavailable",
      answer: [cannotBeOpened, neverAnswers],
      warning: 'config store cannot be opened: "ConfigStoreUnavailableError: not linked"',
    },
    {
      reason: "flag-unreadable",
      answer: [rejects(new Error("broken")), neverAnswers],
      warning: 'edgezero_enabled cannot be read: "Error: broken"',
    },
    {
      reason: "flag-unreadable",
      answer: [neverAnswers, neverAnswers],
      warning: 'edgezero_enabled cannot be read: "no answer in 250 ms"',
    },
    {
      reason: "flag-unreadable",
      answer: [answers(5), neverAnswers],
      warning: 'edgezero_enabled cannot be read: "answered with number"',
    },
    {
      reason: "pct-unreadable",
      answer: [answers("1"), throws("broken")],
      warning: 'edgezero_rollout_pct cannot be read: "broken"',
    },
    {
      reason: "pct-invalid",
      answer: [answers("1"), answers("50%")],
      warning: 'edgezero_rollout_pct is not a whole number from 0 to 100: "50%"',
    },
  ] as const)("$warning", async ({ answer: [flag, pct], reason, warning }) => {
    const logger = recordingLogger();
    const reading = readRollout(storeThat(flag, pct), { logger });
    await vi.advanceTimersByTimeAsync(500);
    expect(await reading).toMatchObject({ reason });
    const fields = { reason, heldBack: 0 };
    expect(logger.lines).toEqual([{ level: "warn", message: warning, fields }]);
  });

  test.each([
    { what: "an object without a prototype", error: Object.create(null) as unknown },
    { what: "an object whose text cannot be taken", error: { toString: throws(new Error("no")) } },
    { what: "a symbol", error: Symbol("s") },
    { what: "undefined", error: undefined },
  ])("even where what was thrown is $what", async ({ error }) => {
    const logger = recordingLogger();
    await readRollout(storeThat(throws(error), neverAnswers), { logger });
    expect(messages(logger, "warn")).toEqual([
      expect.stringMatching(/^edgezero_enabled cannot be read.*$/),
    ]);
  });

  test("and absence has none, but a debug line", async () => {
    const logger = recordingLogger();
    await readRollout(storeThat(answers("1"), answers(null)), { logger });
    await readRollout(storeThat(answers(null), answers(null)), { logger });
    const message = "edgezero_rollout_pct key absent, defaulting to 0 (legacy path — fail safe)";
    expect(logger.lines).toEqual([{ level: "debug", message, fields: undefined }]);
  });
});

describe("the same fault", () => {
  test("is warned of once a minute, with the count of what was held back", () => {
    const logger = recordingLogger();
    const warn = () => logFault(logger, "flag-unreadable", { error: "detail" });
    const heldBack = () => logger.lines.map((line) => line.fields?.["heldBack"]);
    warn();
    for (let i = 0; i < 5; i++) warn();
    vi.advanceTimersByTime(MINUTE - 1);
    warn();
    expect(heldBack()).toEqual([0]);
    vi.advanceTimersByTime(1);
    warn();
    expect(heldBack()).toEqual([0, 6]);
    warn();
    vi.advanceTimersByTime(10 * MINUTE);
    warn();
    expect(heldBack()).toEqual([0, 6, 1]);
    vi.advanceTimersByTime(MINUTE);
    warn();
    expect(heldBack()).toEqual([0, 6, 1, 0]);
  });

  test("is limited for each reason and each logger on its own", () => {
    const [one, other] = [recordingLogger(), recordingLogger()];
    for (let i = 0; i < 3; i++) {
      for (const logger of [one, other]) {
        logFault(logger, "flag-unreadable", { error: i });
        logFault(logger, "pct-invalid", String(i));
      }
    }
    for (const logger of [one, other]) {
      expect(messages(logger, "warn")).toEqual([
        'edgezero_enabled cannot be read: "0"',
        'edgezero_rollout_pct is not a whole number from 0 to 100: "0"',
      ]);
    }
  });

  test("is limited over all reads that share a logger", async () => {
    const logger = recordingLogger();
    for (let i = 0; i < 4; i++) {
      await readRollout(storeThat(throws(i), neverAnswers), { logger });
    }
    expect(messages(logger, "warn")).toHaveLength(1);
  });
});

describe("a value from outside", () => {
  test.each([
    { name: "a newline", value: "1\n2026 ERROR forged line\r" },
    { name: "an ANSI escape", value: "\u001b[31m\u001b]0;title\u0007" },
    { name: "C1 and DEL", value: "\u007f\u0085\u009b31m" },
    { name: "bidirectional overrides", value: "\u202e\u2066\u200f" },
    { name: "line and paragraph separators", value: "\u2028\u2029" },
    { name: "invisible characters", value: "5\u200b0\ufeff\u00ad\u{e0041}" },
    { name: "quotes and backslashes", value: '" (legacy path) \\" \\u000a "' },
    { name: "lone surrogates", value: "\ud800 \udfff" },
    { name: "a pair cut at the limit", value: `${"x".repeat(119)}🙂` },
    { name: "a megabyte of text", value: "x".repeat(1_000_000) },
    { name: "a megabyte of newlines", value: "\n".repeat(1_000_000) },
    { name: "a megabyte of pictures", value: "🙂".repeat(500_000) },
  ])("is written as short, printable ASCII: $name", async ({ value }) => {
    for (const [flag, pct] of [
      [answers("1"), answers(value)],
      [throws(new Error(value)), neverAnswers],
      [throws(value), neverAnswers],
    ] as const) {
      const logger = recordingLogger();
      await readRollout(storeThat(flag, pct), { logger });
      const [message = "", ...more] = messages(logger, "warn");
      expect(more).toEqual([]);
      expect(message).toMatch(/^edgezero_[ -~]+: "[ -~]*"$/);
      expect(message.length).toBeLessThan(1500);
      expect(JSON.stringify(logger.lines[0]?.fields)).toMatch(/^[ -~]{1,80}$/);
    }
  });

  test("is told apart by its quotes: nothing in it can end them", () => {
    const logger = recordingLogger();
    logFault(logger, "pct-invalid", '5" and so on');
    expect(messages(logger, "warn")).toEqual([
      'edgezero_rollout_pct is not a whole number from 0 to 100: "5\\" and so on"',
    ]);
  });
});

test.each([
  { what: "throws", does: throws(new Error("logger")) },
  { what: "rejects", does: rejects(new Error("logger")) },
])("a logger that $what changes no state and leaves no rejection behind", async ({ does }) => {
  const logger = loggerThat(does);
  const unhandled = await unhandledRejectionsOf(async () => {
    for (const [pct, reason] of [
      ["x", "pct-invalid"],
      [null, "pct-absent"],
      [undefined, "pct-unreadable"],
    ]) {
      const store = storeThat(answers("1"), answers(pct));
      expect(await readRollout(store, { logger })).toMatchObject({ reason });
    }
  });
  expect(unhandled).toEqual([]);
});
