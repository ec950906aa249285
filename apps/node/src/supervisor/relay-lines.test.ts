import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { relayLines } from "./relay-lines.ts";

test("whole lines alone are passed on, whatever the chunks are", async () => {
  const from = new PassThrough();
  const passed: string[] = [];
  relayLines(from, { relay: (lines) => passed.push(lines) > 0 });
  const text = Buffer.from("one ü\ntwo\n\nthree\npart of a line");
  for (const byte of text) {
    from.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  expect(passed).toEqual(["one ü\n", "two\n", "\n", "three\n"]);
});

test("nothing is read while the reader is slow, and nothing is lost or doubled", async () => {
  const from = new PassThrough({ highWaterMark: 16 });
  const passed: string[] = [];
  let isSlow = true;
  relayLines(from, { relay: (lines) => !isSlow && passed.push(lines) > 0 });
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}\n`);
  for (const line of lines) from.write(line);
  await expect.poll(() => from.isPaused()).toBe(true);
  // The writer feels it.
  expect(from.writableNeedDrain).toBe(true);
  expect(passed).toEqual([]);
  isSlow = false;
  await expect.poll(() => passed.join("")).toBe(lines.join(""));
});
