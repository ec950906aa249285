import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isMirrorTarget } from "./mirror-target.ts";
import { mirroredText } from "./mirrored-text.ts";
import { mirrorNoteText } from "./note-text.ts";

const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: null };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mirror-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("a mirror writes a missing file, and its own; never another's", async () => {
  const path = join(folder, "rollout.json");
  expect(await isMirrorTarget(path)).toBe(true);
  await writeFile(path, mirroredText(VALUES, 1000));
  expect(await isMirrorTarget(path)).toBe(true);
  await writeFile(path, JSON.stringify({ edgezero_enabled: "true" }));
  expect(await isMirrorTarget(path)).toBe(false);
});

test("a file that cannot be read is no target", async () => {
  await expect(isMirrorTarget(folder)).rejects.toThrow("EISDIR");
});

test("a note says what is mirrored, or why it is not", () => {
  expect(mirrorNoteText({ kind: "mirrored", values: VALUES }, "file:a", "b")).toBe(
    'b mirrors file:a: edgezero_enabled "true", edgezero_rollout_pct absent',
  );
  expect(mirrorNoteText({ kind: "fault", message: "no space" }, "file:a", "b")).toBe(
    "b is not renewed: no space",
  );
});
