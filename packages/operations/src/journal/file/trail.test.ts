import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendEntries } from "./append.ts";
import type { NewEntry } from "../entry.ts";
import { noteOf } from "../entry.ts";
import { endFinding } from "../head.ts";
import { followTrail, readTrail } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";
import { trailFilesAt } from "./trail-files.ts";
import { examineTrail } from "./examine-trail.ts";

let folder: string;
let files: TrailFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-trail-"));
  files = trailFilesAt(join(folder, "rollout.audit.jsonl"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entryOf = (detail: string): NewEntry =>
  noteOf("outside-change", { who: "ann@test", store: "file:/x", detail });

async function append(...details: [string, ...string[]]): Promise<void> {
  await appendEntries(files, details.map(entryOf) as [NewEntry]);
}

test("entries are numbered and chained, across writers", async () => {
  await append("one");
  await append("two", "three");
  const { trail, findings, head } = await examineTrail(files);
  expect(findings).toEqual([]);
  expect(trail.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(head).toEqual({ entries: 3, hash: trail.head });
});

test.each(["", '{"torn'])("a trail that is long goes on, with %j at its end", async (end) => {
  const long = "x".repeat(50_000);
  await append(long, ...Array.from({ length: 20 }, (_, i) => `${long}${i}`));
  appendFileSync(files.trail, end);
  await append("next");
  const { trail, findings, head } = await examineTrail(files);
  expect(findings).toEqual([]);
  expect(trail.count).toBe(end === "" ? 22 : 23);
  expect(head?.hash).toBe(trail.head);
});

test("twenty at once all get in, and the chain is whole", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => append(`writer ${i}`)));
  const { trail, findings } = await examineTrail(files);
  expect(findings).toEqual([]);
  expect(new Set(trail.entries.map((entry) => entry.kind === "note" && entry.detail)).size).toBe(
    20,
  );
});

/** Whether anything is found in this content, with the head file as it was. */
function isFound(content: string | Buffer): boolean {
  const head = JSON.parse(readFileSync(files.head, "utf8")) as { entries: number; hash: string };
  const trail = followTrail(files.trail, Buffer.from(content));
  return trail.findings.length > 0 || endFinding(trail, head) !== null || trail.torn.length > 0;
}

/** A property's time limit, far above what a busy machine with two cores takes. */
const BUSY = { timeout: 60_000 };

test("removes the temporary files of killed processes once they are old", async () => {
  const [young, ...old] = ["head.1", "head.2", "appending.3"].map((name) =>
    join(folder, `.rollout.audit.${name}-0.tmp`),
  ) as [string, string, string];
  for (const path of [young, ...old]) writeFileSync(path, "");
  for (const path of old) utimesSync(path, 0, 0);
  await append("one");
  expect([young, ...old].map((path) => existsSync(path))).toEqual([true, false, false]);
});

describe("a trail that someone has changed", () => {
  const COUNT = 8;
  let lines: string[];

  beforeEach(async () => {
    await append("0", ...Array.from({ length: COUNT - 1 }, (_, i) => `${i + 1} ünï`));
    lines = readFileSync(files.trail, "utf8").trimEnd().split("\n");
  });

  test("is found, whichever byte is another", BUSY, () => {
    const whole = readFileSync(files.trail);
    expect(isFound(whole)).toBe(false);
    const place = fc.integer({ min: 0, max: whole.length - 2 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Buffer.from(whole);
        changed[index] = (changed[index] ?? 0) ^ change;
        expect(isFound(changed)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("is found, whichever lines are taken out, at the end too", BUSY, () => {
    fc.assert(
      fc.property(
        fc.subarray([...lines.keys()], { minLength: 0, maxLength: COUNT - 1 }),
        (kept) => {
          const content = kept.map((index) => `${lines[index]}\n`).join("");
          expect(isFound(content)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is found, however lines are moved or doubled", BUSY, () => {
    const order = fc.array(fc.nat({ max: COUNT - 1 }), { minLength: COUNT, maxLength: COUNT + 2 });
    fc.assert(
      fc.property(order, (indexes) => {
        const isSame = indexes.length === COUNT && indexes.every((index, i) => index === i);
        const content = indexes.map((index) => `${lines[index]}\n`).join("");
        expect(isFound(content)).toBe(!isSame);
      }),
      { numRuns: 200 },
    );
  });

  test("is found, wherever it was cut off", BUSY, () => {
    const whole = readFileSync(files.trail);
    fc.assert(
      // The last line feed alone holds nothing.
      fc.property(fc.integer({ min: 0, max: whole.length - 2 }), (length) => {
        expect(isFound(whole.subarray(0, length))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["its end cut off", () => lines.slice(0, 5)],
    ["its last entry another", () => [...lines.slice(0, -1), lines.at(-1)?.replace("7", "9")]],
  ])("with %s is still found after the next write", async (_, change) => {
    writeFileSync(
      files.trail,
      change()
        .map((line) => `${line}\n`)
        .join(""),
    );
    await append("next");
    expect((await examineTrail(files)).findings).toHaveLength(1);
  });

  test("cut off at the end with its head file is not found: only a hash kept elsewhere tells", () => {
    const trail = followTrail(files.trail, Buffer.from(`${lines.slice(0, 5).join("\n")}\n`));
    expect(trail.findings).toEqual([]);
    expect(trail.hashes).not.toContain(followTrail("", readFileSync(files.trail)).head);
  });
});

describe("a line that was torn by a kill", () => {
  test.each([1, 20, 150])("of %i bytes is kept, told of and healed", async (bytes) => {
    await append("one");
    const torn = readFileSync(files.trail).subarray(0, bytes);
    appendFileSync(files.trail, torn);
    const before = await examineTrail(files);
    expect(before.findings).toEqual([]);
    expect(before.trail.torn).toEqual(torn);

    await append("two");
    const after = await examineTrail(files);
    expect(after.findings).toEqual([]);
    expect(after.trail.entries).toMatchObject([
      { seq: 1, detail: "one" },
      { seq: 2, note: "torn-line" },
      { seq: 3, detail: "two" },
    ]);
    expect(readFileSync(files.trail).includes(Buffer.concat([torn, Buffer.from("\n")]))).toBe(true);
  });

  test("whose line feed alone is missing is an entry like any other", async () => {
    await append("one", "two");
    writeFileSync(files.trail, readFileSync(files.trail, "utf8").trimEnd());
    expect((await readTrail(files.trail)).entries).toHaveLength(2);
    await append("three");
    expect((await examineTrail(files)).findings).toEqual([]);
    expect((await readTrail(files.trail)).entries).toHaveLength(3);
  });

  test("before the head was written: the head is behind, which is no fault", async () => {
    await append("one");
    const head = readFileSync(files.head);
    await append("two");
    writeFileSync(files.head, head);
    expect((await examineTrail(files)).findings).toEqual([]);
    await append("three");
    expect((await examineTrail(files)).findings).toEqual([]);
  });
});
