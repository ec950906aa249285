import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

/** C0, DEL, C1, and characters that turn the direction of text, hide, or end a line. */
const HOSTILE = '\r\n{"level":60}\u001b[31m\u007f\u0085\u009b31m\u202e\u2066\u200b\u2028\u{e0041}';

test("no character of a line steers a terminal, ends the line or hides a part of it", () => {
  const lines: string[] = [];
  const logger = createLogger("debug", { write: (line) => void lines.push(line) });
  for (const level of ["debug", "info", "warn", "error"] as const) {
    logger[level](HOSTILE, { header: HOSTILE, [HOSTILE]: HOSTILE });
  }
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    expect(line).toMatch(/^[ -~]+\n$/);
    // The line still says the values as they were.
    expect(JSON.parse(line)).toMatchObject({
      msg: HOSTILE,
      header: HOSTILE,
      [HOSTILE]: HOSTILE,
    });
  }
});
