import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ConfigStore } from "../src/index.ts";
import { ConfigStoreUnavailableError, decide, readRollout } from "../src/index.ts";

const PACKAGE = join(import.meta.dirname, "..");
const README = readFileSync(join(PACKAGE, "README.md"), "utf8");
const ROOT_README = readFileSync(join(PACKAGE, "..", "..", "README.md"), "utf8");

describe("the README's code", () => {
  // Inside the package, so that its own name resolves.
  const folder = mkdtempSync(join(PACKAGE, "test", "readme-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([...blocksOf("the package's", README), ...blocksOf("the repository's", ROOT_README)])(
    "runs, and prints what its comment says: $name",
    ({ name, code, printed }) => {
      const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.ts`);
      writeFileSync(file, code);
      const output = execFileSync(process.execPath, [file], { encoding: "utf8" });
      expect(output.trim().split("\n").at(-1)).toBe(printed);
    },
  );

  test("is all of it run that says what it prints", () => {
    const names = [...blocksOf("package", README), ...blocksOf("repository", ROOT_README)];
    expect(names.map(({ name }) => name)).toEqual([
      "package 1",
      "package 2",
      "package 3",
      "repository 1",
    ]);
  });
});

/** The blocks of code that say in a comment what they print last. */
function blocksOf(whose: string, readme: string) {
  return [...readme.matchAll(/```ts\n([^]*?)```/g)]
    .map(([, code = ""]) => ({ code, printed: /\); \/\/ "([^"]+)"/.exec(code)?.[1] }))
    .filter(({ printed }) => printed !== undefined)
    .map(({ code, printed }, i) => ({ name: `${whose} ${i + 1}`, code, printed }));
}

describe("the README's fail-safe table", () => {
  const rows = [...README.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = ""]) => row.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .filter((cells) => cells.length === 5 && !/^(store|-+)$/.test(cells[0] ?? ""));

  test("has a row for each way that a read can go", () => {
    expect(rows).toHaveLength(9);
  });

  test.each(rows)("%s, %s, %s: %s, %s", async (store, flag, pct, path, reason) => {
    for (const flagAnswer of answers(flag)) {
      for (const pctAnswer of answers(pct)) {
        const state = await readRollout(storeOf(store, flagAnswer, pctAnswer), {
          readTimeoutMs: 1,
        });
        expect(state.reason).toBe(reason);
        for (const [bucket, ip] of Object.entries({ 3: "10.20.30.130", 98: "10.20.30.234" })) {
          const byBucket = Number(bucket) < state.rolloutPct ? "edgezero" : "legacy";
          expect(decide(state, ip).path).toBe(path === "by bucket" ? byBucket : path);
        }
      }
    }
  });
});

type Answer = () => string | null | Promise<string | null>;

const broken: Answer = () => {
  throw new Error("broken");
};

/** The answers of a store that a cell of the table speaks of. */
function answers(cell: string): Answer[] {
  const known: Record<string, Answer[]> = {
    "–": [broken],
    "not read": [broken],
    "throws, or times out": [broken, () => new Promise(() => {})],
    "absent, or anything but true or 1": [() => null, () => "yes", () => ""],
    on: [() => "true", () => "1"],
    absent: [() => null],
    "invalid, or over 100": [() => "ten", () => "101", () => ""],
    "0": [() => "0"],
    "100": [() => "100"],
    "1–99": [() => "1", () => "50", () => "99"],
  };
  const found = known[cell];
  if (found === undefined) throw new Error(`the table's cell ${cell} is not known to this test`);
  return found;
}

function storeOf(store: string, flag: Answer, pct: Answer): ConfigStore {
  if (store === "cannot be opened") {
    return {
      get: () => {
        throw new ConfigStoreUnavailableError("not linked");
      },
    };
  }
  return { get: (key) => (key === "edgezero_enabled" ? flag() : pct()) };
}
