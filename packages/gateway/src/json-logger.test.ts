import type { LogLevel } from "@edgezero/rollout";
import { expect, test } from "vitest";
import { createJsonLogger } from "./json-logger.ts";
import type { LogThreshold } from "./log-threshold.ts";
import { LOG_THRESHOLDS, parseLogThreshold } from "./log-threshold.ts";

const LEVELS: LogLevel[] = ["debug", "info", "warn", "error"];

function written(threshold: LogThreshold): string[] {
  const lines: string[] = [];
  const logger = createJsonLogger({
    threshold: () => threshold,
    write: (line) => void lines.push(line),
  });
  for (const level of LEVELS) logger[level]("said", { n: 1 });
  return lines;
}

test.each(LOG_THRESHOLDS)("at %s, lower levels are not written", (threshold) => {
  const expected = LEVELS.slice(LOG_THRESHOLDS.indexOf(threshold));
  expect(written(threshold)).toEqual(
    expected.map((level) => JSON.stringify({ level, message: "said", n: 1 })),
  );
});

test("a line is one line, whatever it says", () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  createJsonLogger({ threshold: () => "debug", write }).warn("two\nlines", { why: "\r\n" });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/[\r\n]/);
});

test.each([
  ["debug", "debug"],
  ["WARN", "warn"],
  ["silent", "silent"],
  ["verbose", "info"],
  ["", "info"],
  [undefined, "info"],
])("level %j is %s", (text, threshold) => {
  expect(parseLogThreshold(text)).toBe(threshold);
});
