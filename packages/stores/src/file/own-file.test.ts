import {
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { thisHolder } from "../holder.ts";
import { fileCoordination } from "./coordination.ts";
import { tryHold } from "./exclusive-file.ts";
import { findHold } from "./found-hold.ts";
import { openOwnToAppend, readOwnFile } from "./own-file.ts";
import { TRUSTED_PATHS, TrustError } from "./trust.ts";

const NOBODY = 65_534;
/** Only root can give a file to another user. */
const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log("skipped: the tests with files of another user need root");

let folder: string;
let path: string;
let victim: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-own-"));
  path = join(folder, "rollout.audit.jsonl");
  victim = join(folder, "victim");
  writeFileSync(victim, "untouched");
  vi.stubEnv("SUDO_UID", undefined);
  vi.stubEnv(TRUSTED_PATHS, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function append(text: string): Promise<void> {
  const handle = await openOwnToAppend(path);
  await handle.appendFile(text).finally(() => handle.close());
}

test("a file of ours is created, appended to and read", async () => {
  await append("one\n");
  await append("two\n");
  expect((await readOwnFile(path)).toString()).toBe("one\ntwo\n");
  expect((await readOwnFile(path, 4)).toString()).toBe("two\n");
});

describe.skipIf(process.platform === "win32")("never followed, to read or to append", () => {
  test.each([
    { name: "a link to a file", plant: () => symlinkSync(victim, path) },
    { name: "a link that leads nowhere", plant: () => symlinkSync(join(folder, "new"), path) },
  ])("$name", async ({ plant }) => {
    plant();
    await expect(append("entry")).rejects.toThrow(`${path} is a link, which is never followed`);
    await expect(readOwnFile(path)).rejects.toThrow(TrustError);
    await expect(tryHold(path, thisHolder("ann", "set"), 1000)).rejects.toThrow("is a link");
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(() => readFileSync(join(folder, "new"))).toThrow("ENOENT");
  });

  test("a second name of another file is not appended to", async () => {
    linkSync(victim, path);
    await expect(append("entry")).rejects.toThrow("has a second name");
    expect(readFileSync(victim, "utf8")).toBe("untouched");
  });

  test("a mark that is a link counts as absent, and is replaced, not followed", async () => {
    const { mark } = fileCoordination(join(folder, "rollout.audit"));
    symlinkSync(victim, join(folder, "rollout.audit.rollback"));
    expect(await mark.read()).toBeNull();
    await mark.leave("ann");
    expect(await mark.read()).not.toBeNull();
    expect(readFileSync(victim, "utf8")).toBe("untouched");
  });

  test("a folder in place of the file is no file", async () => {
    mkdirSync(path);
    await expect(readOwnFile(path)).rejects.toThrow("not a regular file");
  });
});

describe.skipIf(!isRoot)("of another user", () => {
  beforeEach(() => {
    writeFileSync(path, "theirs");
    chownSync(path, NOBODY, NOBODY);
  });

  test("a file is refused by name, with the way to allow it", async () => {
    const words = `${path} belongs to another user (number ${NOBODY}; this is 0)`;
    await expect(append("entry")).rejects.toThrow(words);
    await expect(readOwnFile(path)).rejects.toThrow(`set ${TRUSTED_PATHS} to`);
    await expect(findHold(path)).rejects.toThrow(TrustError);
    expect(readFileSync(path, "utf8")).toBe("theirs");
  });

  test.each([
    { name: "its own path", allowed: () => path },
    { name: "its folder", allowed: () => `/elsewhere:${folder}/` },
  ])("a file is used where $name is allowed", async ({ allowed }) => {
    vi.stubEnv(TRUSTED_PATHS, allowed());
    await append(" and ours");
    expect((await readOwnFile(path)).toString()).toBe("theirs and ours");
  });

  test("a path that is not absolute allows nothing, and is named", async () => {
    vi.stubEnv(TRUSTED_PATHS, "./rollout.audit.jsonl");
    await expect(append("entry")).rejects.toThrow('it names "./rollout.audit.jsonl"');
  });

  test.each([
    { caller: String(NOBODY), isUsed: true },
    { caller: "12345", isUsed: false },
  ])("under sudo by user $caller: used is $isUsed", async ({ caller, isUsed }) => {
    vi.stubEnv("SUDO_UID", caller);
    const used = await append("entry").then(
      () => true,
      () => false,
    );
    expect(used).toBe(isUsed);
  });

  test("a mark counts all the same, since a rollback must stop a change", async () => {
    const marked = join(folder, "rollout.audit.rollback");
    writeFileSync(marked, "rolled back");
    chownSync(marked, NOBODY, NOBODY);
    expect(await fileCoordination(join(folder, "rollout.audit")).mark.read()).toBe("rolled back");
  });
});
