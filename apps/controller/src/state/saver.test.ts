import { expect, test } from "vitest";
import { createSaver } from "./saver.ts";

function slowFile(): {
  saved: string[];
  finish: () => void;
  file: Parameters<typeof createSaver>[0];
} {
  const saved: string[] = [];
  const waiting: (() => void)[] = [];
  const file = {
    path: "state.json",
    load: async () => null,
    async save(text: string) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      saved.push(text);
    },
  };
  return { saved, file, finish: () => waiting.shift()?.() };
}

test("callers during a save share the next one, which has what is new by then", async () => {
  const { saved, file, finish } = slowFile();
  let now = 1;
  const saver = createSaver(file, () => String(now));
  const first = saver.save();
  now = 2;
  const second = saver.save();
  const third = saver.save();
  finish();
  expect(await first).toBeNull();
  expect(saved).toEqual(["1"]);
  await Promise.resolve();
  await Promise.resolve();
  finish();
  expect(await Promise.all([second, third])).toEqual([null, null]);
  expect(saved).toEqual(["1", "2"]);
});

test("a fault is told to the caller, and the next save tries again", async () => {
  let isFull = true;
  const file = {
    path: "state.json",
    load: async () => null,
    async save() {
      if (isFull) throw new Error("no space left");
    },
  };
  const saver = createSaver(file, () => "");
  expect(await saver.save()).toBe("no space left");
  expect(saver.fault()).toBe("no space left");
  isFull = false;
  expect(await saver.save()).toBeNull();
  expect(saver.fault()).toBeNull();
});
