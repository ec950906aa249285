import { guardOver } from "@edgezero/testbed/contracts/write-guard";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOperatorStore } from "@edgezero/testbed/contracts/operator-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore as openFileStore } from "./operator.ts";
import { fileLocation } from "./location.ts";
import type { OperatorStore } from "../operator-store.ts";
import { StoreConflictError, StoreError, StoreMissingError } from "../operator-store.ts";

let folder: string;
let path: string;
let store: OperatorStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-file-"));
  path = join(folder, "rollout.json");
  store = openFileStore(`file:${path}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

function put(content: unknown): void {
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

function held(): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

test("writes one key, keeps the others, and leaves nothing beside the file", async () => {
  put({ ...AT_10, other: "kept", __proto__: "x", "10": "number-like" });
  await store.overwrite({ edgezero_rollout_pct: "20" }, "ann");
  expect(held()).toEqual({
    ...AT_10,
    edgezero_rollout_pct: "20",
    other: "kept",
    "10": "number-like",
  });
  expect(await store.read()).toEqual({ ...AT_10, edgezero_rollout_pct: "20" });
  expect(readdirSync(folder)).toEqual(["rollout.json"]);
});

test("a key that is called like a part of every object is one like any other", async () => {
  put('{"__proto__": "a", "toString": "b", "edgezero_rollout_pct": "10"}');
  await store.overwrite({ edgezero_enabled: "true" }, "ann");
  expect(readFileSync(path, "utf8")).toContain('"__proto__": "a"');
  expect(await store.read()).toEqual(AT_10);
});

test.each([0o600, 0o640, 0o444, 0o755])("keeps the mode %o", async (mode) => {
  put(AT_10);
  chmodSync(path, mode);
  await store.overwrite({ edgezero_rollout_pct: "20" }, "ann");
  expect(statSync(path).mode & 0o777).toBe(mode);
});

test("follows a link, and leaves it one", async () => {
  mkdirSync(join(folder, "real"));
  writeFileSync(join(folder, "real", "values.json"), JSON.stringify(AT_10));
  symlinkSync("real/values.json", path);
  await store.overwrite({ edgezero_rollout_pct: "20" }, "ann");
  expect(readlinkSync(path)).toBe("real/values.json");
  expect(await store.read()).toEqual({ ...AT_10, edgezero_rollout_pct: "20" });
});

test("a reader meanwhile sees the old values or the new ones, whole", async () => {
  put(AT_10);
  const seen = new Set<unknown>();
  const watcher = watch(folder, () => seen.add((held() as typeof AT_10).edgezero_rollout_pct));
  for (let i = 0; i < 50; i++) await store.overwrite({ edgezero_rollout_pct: String(i) }, "ann");
  await expect.poll(() => seen.has("49")).toBe(true);
  watcher.close();
  for (const pct of seen) expect(pct).toMatch(/^\d+$/);
});

test("writers of different keys do not undo each other", async () => {
  put(AT_10);
  await Promise.all([
    store.overwrite({ edgezero_rollout_pct: "20" }, "ann"),
    openFileStore(`file:${path}`).overwrite({ edgezero_enabled: "false" }, "ann"),
  ]);
  expect(held()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "20" });
});

describe("what it does not overwrite", () => {
  test.each([
    ["what is not JSON", "edgezero_enabled=true", "does not hold valid JSON"],
    ["an empty file", "", "does not hold valid JSON"],
    ["an array", "[]", "does not hold a JSON object"],
    ["null", "null", "does not hold a JSON object"],
    ["a value that is no string", '{"edgezero_rollout_pct": 10}', "is not a JSON string"],
    ["a nested value", '{"other": {"a": "b"}}', '"other" is not a JSON string'],
    ["more than the gateway reads", `{"x": "${"x".repeat(70_000)}"}`, "larger than 65536 bytes"],
  ])("%s", async (_, content, why) => {
    put(content);
    await expect(store.read()).rejects.toThrow(StoreError);
    await expect(store.overwrite({ edgezero_rollout_pct: "0" }, "ann")).rejects.toThrow(why);
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(readdirSync(folder)).toEqual(["rollout.json"]);
  });

  test("a folder", async () => {
    mkdirSync(path);
    await expect(store.overwrite({ edgezero_rollout_pct: "0" }, "ann")).rejects.toThrow(
      "not a regular file",
    );
  });

  test("a file that is not there: it may be that the path is wrong", async () => {
    await expect(store.read()).rejects.toThrow(StoreMissingError);
    await expect(store.overwrite({ edgezero_rollout_pct: "0" }, "ann")).rejects.toThrow(
      StoreMissingError,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("values that are not those that were expected", async () => {
    put(AT_10);
    const expected = { ...AT_10, edgezero_rollout_pct: "5" };
    const guard = await guardOver(store, expected);
    const late = store.write({ edgezero_rollout_pct: "50" }, guard);
    await expect(late).rejects.toThrow("was changed by someone else meanwhile");
    await expect(late).rejects.toThrow(StoreConflictError);
    expect(held()).toEqual(AT_10);
  });
});

test("creates a file, and never replaces one", async () => {
  await store.create?.({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  expect(held()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  await expect(store.create?.({ edgezero_enabled: "true" })).rejects.toThrow(StoreConflictError);
  expect(held()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
});

test.each([
  ["file:./rollout.json", "/base/rollout.json"],
  ["file:rollout.json", "/base/rollout.json"],
  ["file:../a%20b.json", "/a b.json"],
  ["file:/srv/rollout.json", "/srv/rollout.json"],
  ["file:///srv/a%20b.json", "/srv/a b.json"],
])("%s names %s", (url, location) => {
  expect(fileLocation(url, "/base")).toBe(location);
});

describeOperatorStore({ comparesFirst: true }, async () => {
  put({});
  return {
    store,
    async stored() {
      const { edgezero_enabled = null, edgezero_rollout_pct = null } = held() as Record<
        string,
        string
      >;
      return { edgezero_enabled, edgezero_rollout_pct };
    },
    set: async (changes) => put(changes),
    openAgain: async () => openFileStore(`file:${path}`),
    close: async () => store.close(),
  };
});
