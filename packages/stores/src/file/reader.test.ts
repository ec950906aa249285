import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import type { LogLine, RecordingLogger } from "@edgezero/testbed/recording-logger";
import { recordingLogger } from "@edgezero/testbed/recording-logger";
import { describeConfigStore } from "@edgezero/testbed/contracts/config-store";
import type { RolloutReason } from "@edgezero/rollout";
import { readRollout } from "@edgezero/rollout";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenConfigStore } from "../open-config-store.ts";
import { NO_LAST_VALUES } from "../last-values.ts";
import { openFileConfigStore } from "./reader.ts";

const SOON = { interval: 5 };
/** A bound that no test reaches. */
const LONG_MS = 600_000;
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

let folder: string;
let path: string;
let lines: readonly LogLine[];
let logger: RecordingLogger;
const opened: OpenConfigStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-store-"));
  path = join(folder, "config", "rollout.json");
  mkdirSync(dirname(path));
  logger = recordingLogger();
  ({ lines } = logger);
});

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true });
});

function open(): OpenConfigStore {
  const store = openFileConfigStore(path, { maxAgeMs: LONG_MS, last: NO_LAST_VALUES, logger });
  opened.push(store);
  return store;
}

function write(values: unknown): void {
  writeFileSync(path, typeof values === "string" ? values : JSON.stringify(values));
}

function replace(values: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(values));
  renameSync(`${path}.new`, path);
}

async function reasonOf(store: OpenConfigStore): Promise<RolloutReason> {
  return (await readRollout(store)).reason;
}

async function pctOf(store: OpenConfigStore): Promise<number> {
  return (await readRollout(store)).rolloutPct;
}

/** Resolves once the store holds these values, and not the percentage if they do not. */
async function holds(store: OpenConfigStore, values: ConfigValues): Promise<void> {
  const keys = [...Object.keys(values), "edgezero_rollout_pct"];
  const read = (): unknown => keys.map((key) => store.get(key));
  await expect.poll(read, SOON).toEqual(keys.map((key) => values[key] ?? null));
}

async function isBroken(store: OpenConfigStore): Promise<void> {
  await expect.poll(() => reasonOf(store), SOON).toBe("store-unavailable");
}

/** Waits until every open store has polled: one more does, and timers of one kind fire in order. */
async function pollOfAll(): Promise<void> {
  const clock = join(folder, "clock", "rollout.json");
  const store = openFileConfigStore(clock, {
    maxAgeMs: LONG_MS,
    last: NO_LAST_VALUES,
    logger: { ...logger, info: () => {}, warn: () => {} },
  });
  opened.push(store);
  mkdirSync(dirname(clock));
  writeFileSync(clock, JSON.stringify(VALUES));
  await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
}

function warnings(): LogLine[] {
  return lines.filter(({ level }) => level === "warn");
}

describeConfigStore(async () => {
  const store = open();
  return {
    store,
    async write(values) {
      write(values);
      await holds(store, values);
    },
    async breakStore() {
      rmSync(path);
      await isBroken(store);
    },
    async close() {},
  };
});

describe("a file that changes", () => {
  test("replaced by rename, again and again", async () => {
    write(VALUES);
    const store = open();
    for (const pct of [20, 30, 40]) {
      replace({ ...VALUES, edgezero_rollout_pct: `${pct}` });
      await expect.poll(() => pctOf(store), SOON).toBe(pct);
    }
  });

  test("truncated, and written again", async () => {
    write(VALUES);
    const store = open();
    truncateSync(path);
    await expect.poll(() => reasonOf(store), SOON).toBe("store-unavailable");
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("deleted, and created again", async () => {
    write(VALUES);
    const store = open();
    rmSync(path);
    await expect.poll(() => reasonOf(store), SOON).toBe("store-unavailable");
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("deleted with its folder, and created again", async () => {
    write(VALUES);
    const store = open();
    rmSync(dirname(path), { recursive: true });
    await expect.poll(() => reasonOf(store), SOON).toBe("store-unavailable");
    mkdirSync(dirname(path));
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("its folder replaced by another that says the same, and changed there", async () => {
    write(VALUES);
    const store = open();
    renameSync(dirname(path), `${dirname(path)}.old`);
    mkdirSync(dirname(path));
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
    write({ ...VALUES, edgezero_rollout_pct: "20" });
    await expect.poll(() => pctOf(store), SOON).toBe(20);
  });

  test("missing at the start, and created later", async () => {
    const store = open();
    expect(await reasonOf(store)).toBe("store-unavailable");
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("missing at the start with its folder, and created later", async () => {
    rmSync(dirname(path), { recursive: true });
    const store = open();
    expect(await reasonOf(store)).toBe("store-unavailable");
    mkdirSync(dirname(path));
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("a link that is swapped, as Kubernetes mounts a ConfigMap", async () => {
    const config = dirname(path);
    for (const pct of ["10", "20"]) {
      mkdirSync(join(config, `..${pct}`));
      const values = JSON.stringify({ ...VALUES, edgezero_rollout_pct: pct });
      writeFileSync(join(config, `..${pct}`, "rollout.json"), values);
    }
    symlinkSync("..10", join(config, "..data"));
    symlinkSync("..data/rollout.json", path);
    const store = open();
    expect(store.get("edgezero_rollout_pct")).toBe("10");
    symlinkSync("..20", join(config, "..data_new"));
    renameSync(join(config, "..data_new"), join(config, "..data"));
    await expect.poll(() => pctOf(store), SOON).toBe(20);
  });

  test("written 200 times in a row, it ends on the last value", async () => {
    write(VALUES);
    const store = open();
    for (let i = 1; i <= 200; i++) {
      const change = i % 2 === 0 ? write : replace;
      change({ ...VALUES, edgezero_rollout_pct: `${i % 100}`, written: `${i}` });
    }
    await expect.poll(() => store.get("written"), SOON).toBe("200");
  });

  test("a read answers from memory: a file deleted in the same tick still stands", () => {
    write(VALUES);
    const store = open();
    rmSync(dirname(path), { recursive: true });
    expect(store.get("edgezero_enabled")).toBe("true");
    expect(store.get("edgezero_rollout_pct")).toBe("10");
  });
});

describe("a file that is broken", () => {
  test.each([
    ["empty", "", "does not hold valid JSON"],
    ["cut off", '{"edgezero_enabled": "tr', "does not hold valid JSON"],
    ["not JSON", "edgezero_enabled=true", "does not hold valid JSON"],
    ["an array", "[]", "does not hold a JSON object"],
    ["a number", "100", "does not hold a JSON object"],
    ["a string", '"true"', "does not hold a JSON object"],
    ["null", "null", "does not hold a JSON object"],
    ["larger than 64 KiB", `{"x": "${"x".repeat(64 * 1024)}"}`, "larger than 65536 bytes"],
  ])("%s: the store cannot be opened, which is reported", async (_, content, why) => {
    write(content);
    const store = open();
    expect(() => store.get("edgezero_enabled")).toThrow(why);
    expect(await reasonOf(store)).toBe("store-unavailable");
    expect(warnings()).toEqual([
      {
        level: "warn",
        message: "config file cannot be read, all requests go to legacy",
        fields: { error: expect.stringContaining(why) as string },
      },
    ]);
  });

  test("nested as deeply as 64 KiB allow: nothing is thrown but from a read", async () => {
    const store = open();
    for (const [opening, closing] of [
      ['{"0":', "}"],
      ["[", "]"],
    ] as const) {
      const depth = Math.floor(60_000 / (opening.length + closing.length));
      const deep = opening.repeat(depth) + "0" + closing.repeat(depth);
      write(`{"edgezero_enabled": "false", "x": ${deep}}`);
      await expect
        .poll(() => reasonOf(store), SOON)
        .toSatisfy((reason) => reason === "store-unavailable" || reason === "disabled");
      expect(await reasonOf(open())).toMatch(/^(store-unavailable|disabled)$/);
    }
  });

  test("64 KiB is not too large", async () => {
    const values = JSON.stringify({ ...VALUES, x: "" });
    write(values.replace('"x":""', `"x":"${"x".repeat(64 * 1024 - values.length)}"`));
    expect(await reasonOf(open())).toBe("bucket");
  });

  test("a folder in its place", async () => {
    mkdirSync(path);
    const store = open();
    expect(await reasonOf(store)).toBe("store-unavailable");
    rmSync(path, { recursive: true });
    write(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test("a pipe in its place, which does not block", async () => {
    execFileSync("mkfifo", [path]);
    const store = open();
    expect(await reasonOf(store)).toBe("store-unavailable");
    replace(VALUES);
    await expect.poll(() => reasonOf(store), SOON).toBe("bucket");
  });

  test.each([
    ["edgezero_enabled", true, "flag-unreadable"],
    ["edgezero_enabled", 1, "flag-unreadable"],
    ["edgezero_enabled", null, "flag-unreadable"],
    ["edgezero_rollout_pct", 50, "pct-unreadable"],
    ["edgezero_rollout_pct", ["50"], "pct-unreadable"],
  ])("a value that is not a string: %s is %j", async (key, value, reason) => {
    write({ ...VALUES, [key]: value });
    const store = open();
    expect(() => store.get(key)).toThrow(`${key} must be a JSON string`);
    expect(await reasonOf(store)).toBe(reason);
  });

  test("is reported once, and again only when it changed", async () => {
    write("broken");
    open();
    expect(warnings()).toHaveLength(1);
    write("broken otherwise, but in the same way");
    await pollOfAll();
    expect(warnings()).toHaveLength(1);

    write(VALUES);
    await expect.poll(() => lines.at(-1)?.message, SOON).toBe("config file changed");
    write("broken");
    await expect.poll(() => warnings().length, SOON).toBe(2);
  });

  test("is not reported when it was broken only while it was written", async () => {
    write(VALUES);
    const store = open();
    let slow = 0;
    for (let i = 1; i <= 20; i++) {
      const startedAt = performance.now();
      truncateSync(path);
      await expect.poll(() => reasonOf(store), SOON).toBe("store-unavailable");
      write({ ...VALUES, edgezero_rollout_pct: `${i}` });
      await expect.poll(() => pctOf(store), SOON).toBe(i);
      // On a machine that stalls, the file may truly have been broken for long.
      if (performance.now() - startedAt > 50) slow++;
    }
    expect(warnings().length).toBeLessThanOrEqual(slow);
  });
});
