import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LastValues } from "../last-values.ts";
import { openLastValues } from "./last-values-file.ts";
import { recordText } from "./last-values-record.ts";

const STORE = "redis://store";
const MAX_AGE_MS = 60_000;
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "100" };

let folder: string;
let path: string;
let logger: ReturnType<typeof recordingLogger>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-last-values-"));
  path = join(folder, "last.json");
  logger = recordingLogger();
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = async (): Promise<LastValues> =>
  openLastValues({ path, maxAgeMs: MAX_AGE_MS, store: STORE, logger });
const put = (ageMs: number, store = STORE): void =>
  writeFileSync(path, recordText({ store, values: VALUES, readAt: Date.now() - ageMs }));

test("values are kept with their age, and the last of them count", async () => {
  const last = await open();
  last.keep(VALUES, performance.now());
  last.keep({ ...VALUES, edgezero_rollout_pct: "0" }, performance.now() - 1000);
  const { kept } = await open();
  expect(kept?.values.edgezero_rollout_pct).toBe("0");
  expect((kept?.standsUntil ?? 0) - (kept?.readAt ?? 0)).toBe(MAX_AGE_MS);
  expect(performance.now() - (kept?.readAt ?? 0)).toBeGreaterThanOrEqual(999);
});

test.each([
  { name: "too old", make: () => put(MAX_AGE_MS), why: "old" },
  { name: "of the future", make: () => put(-60_000), why: "future" },
  { name: "of another store", make: () => put(0, "redis://other"), why: "another store" },
  { name: "broken", make: () => writeFileSync(path, "{"), why: "form" },
  {
    name: "behind a link",
    make: () => {
      put(0);
      const target = `${path}.target`;
      writeFileSync(target, recordText({ store: STORE, values: VALUES, readAt: Date.now() }));
      rmSync(path);
      symlinkSync(target, path);
    },
    why: "link",
  },
  {
    name: "open to others",
    make: () => {
      put(0);
      chmodSync(path, 0o666);
    },
    why: "other users",
  },
])("$name: not used, and the log says why", async ({ make, why }) => {
  make();
  expect((await open()).kept).toBeNull();
  expect(JSON.stringify(logger.lines)).toContain(why);
});

test("in a folder that others may write nothing is kept", async () => {
  put(0);
  chmodSync(folder, 0o777);
  expect((await open()).kept).toBeNull();
  expect(messages(logger, "warn")).toEqual(["last values are not kept on disk"]);
});

test("where a change cannot be written, the older values are gone", async () => {
  const last = await open();
  last.keep(VALUES, performance.now());
  // A time that no text can say makes the write fail.
  last.keep({ ...VALUES, edgezero_rollout_pct: "0" }, Number.NaN);
  expect((await open()).kept).toBeNull();
});
