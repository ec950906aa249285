import type { LogLevel } from "@edgezero/rollout";
import type { LogThreshold } from "@edgezero/settings";
import { expect, test } from "vitest";
import { createJsonLogger } from "./json-logger.ts";

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

test.each<{ threshold: LogThreshold; expected: LogLevel[] }>([
  { threshold: "trace", expected: ["debug", "info", "warn", "error"] },
  { threshold: "debug", expected: ["debug", "info", "warn", "error"] },
  { threshold: "info", expected: ["info", "warn", "error"] },
  { threshold: "warn", expected: ["warn", "error"] },
  { threshold: "error", expected: ["error"] },
  { threshold: "fatal", expected: [] },
  { threshold: "silent", expected: [] },
])("at $threshold, lower levels are not written", ({ threshold, expected }) => {
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

test("no character of a line steers a terminal or hides a part of it", () => {
  const said = "\u0085\u009b31m \u202eevil\u2066 \u200b \u2028 \u{e0041} ok é";
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  createJsonLogger({ threshold: () => "debug", write }).warn(said, { [said]: said });
  expect(lines[0]).toMatch(/^[ -~é]+$/);
  expect(JSON.parse(lines[0] ?? "")).toEqual({ level: "warn", message: said, [said]: said });
});
