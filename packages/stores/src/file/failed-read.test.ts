import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRollout } from "@edgezero/rollout";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_LAST_VALUES } from "../last-values.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import { openLastValues } from "./last-values-file.ts";
import { openFileConfigStore } from "./reader.ts";

const SOON = { interval: 5 };
const CODES = ["EMFILE", "ENFILE", "EIO", "ESTALE", "EACCES"] as const;
const STANDS = "config file cannot be read, its last values stand for now";
const LEGACY = "config file cannot be read, all requests go to legacy";

let folder: string;
let path: string;
let fault: string | null;
let logger: ReturnType<typeof recordingLogger>;
const opened: OpenConfigStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-failed-read-"));
  path = join(folder, "rollout.json");
  fault = null;
  logger = recordingLogger();
  write("10");
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true });
});

function write(pct: string): void {
  writeFileSync(path, JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: pct }));
}

function readBytes(from: string): Buffer {
  if (fault === null) return readFileSync(from);
  throw Object.assign(new Error(`${fault}: it failed`), { code: fault });
}

function open(maxAgeMs = 600_000, last = NO_LAST_VALUES): OpenConfigStore {
  const store = openFileConfigStore(path, { maxAgeMs, last, logger }, readBytes);
  opened.push(store);
  return store;
}

const warned = (): string[] => messages(logger, "warn");
const reasonOf = async (store: OpenConfigStore): Promise<string> =>
  (await readRollout(store)).reason;

test.each(CODES)(
  "%s: what was read stands, with one warning, until the read works",
  async (code) => {
    const store = open();
    fault = code;
    await expect.poll(warned, SOON).toEqual([STANDS]);
    expect(store.get("edgezero_rollout_pct")).toBe("10");
    write("20");
    fault = null;
    await expect.poll(() => store.get("edgezero_rollout_pct"), SOON).toBe("20");
    expect(warned()).toEqual([STANDS]);
  },
);

test("then legacy, which is said", async () => {
  const store = open(1000);
  fault = "EIO";
  await expect.poll(async () => reasonOf(store), SOON).toBe("store-unavailable");
  await expect.poll(() => warned().at(-1), SOON).toBe(LEGACY);
});

test("a file that is deleted meanwhile is absent, at once and for good", async () => {
  const store = open();
  fault = "EMFILE";
  await expect.poll(warned, SOON).toEqual([STANDS]);
  rmSync(path);
  await expect.poll(async () => reasonOf(store), SOON).toBe("store-unavailable");
  write("10");
  await expect.poll(() => warned().at(-1), SOON).toBe(LEGACY);
  expect(await reasonOf(store)).toBe("store-unavailable");
});

test("at the start nothing was read: legacy", async () => {
  fault = "EMFILE";
  expect(await reasonOf(open())).toBe("store-unavailable");
  expect(warned()).toEqual([LEGACY]);
});

test("values on disk: a restart during a failure goes by what was seen last", async () => {
  const options = { path: join(folder, "last.json"), maxAgeMs: 600_000, store: path, logger };
  open(600_000, await openLastValues(options));
  fault = "ESTALE";
  const restarted = open(1000, await openLastValues(options));
  expect(restarted.get("edgezero_rollout_pct")).toBe("10");
  fault = null;
  rmSync(path);
  await expect.poll(async () => reasonOf(restarted), SOON).toBe("store-unavailable");
  // The file that was deleted is remembered: a rollback that was seen is kept.
  expect((await openLastValues(options)).kept).toBeNull();
});
