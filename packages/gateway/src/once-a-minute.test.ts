import { expect, test } from "vitest";
import { onceAMinute } from "./once-a-minute.ts";

test("it is said at once, then once a minute, with how often it was and the last detail", () => {
  const said: unknown[] = [];
  let time = 1000;
  const happen = onceAMinute(
    (count, detail: string) => void said.push([count, detail]),
    () => time,
  );
  happen("a");
  happen("b");
  time += 59_999;
  happen("c");
  expect(said).toEqual([[1, "a"]]);
  time += 1;
  happen("d");
  expect(said).toEqual([
    [1, "a"],
    [3, "d"],
  ]);
});
