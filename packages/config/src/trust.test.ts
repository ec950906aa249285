import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findConfig } from "./find-config.ts";
import { loadConfig, loadDataConfig } from "./load-config.ts";
import { isPrivate } from "./private-group.ts";

// A process that loads a config starts slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const NOBODY = 65_534;
/** Only root can give a file to another user. */
const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.log("skipped: the tests with files of another user need root");

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-trust-"));
  path = join(folder, "edgezero.config.json");
  writeFileSync(path, '{"plan": [{"pct": 5, "hold": "1h"}]}');
  vi.stubEnv("SUDO_UID", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What loading says; `null` where the file was loaded. */
async function refusal(): Promise<string | null> {
  return loadConfig({}, folder).then(
    () => null,
    (error: unknown) => String(error),
  );
}

describe("the search ends", () => {
  test.each([
    { name: "at the root of a repository", end: () => mkdirSync(join(folder, "a", ".git")) },
    {
      name: "at that of a linked work tree",
      end: () => writeFileSync(join(folder, "a", ".git"), ""),
    },
    { name: "at the home folder", end: () => vi.stubEnv("HOME", join(folder, "a")) },
  ])("$name", ({ end }) => {
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    expect(findConfig(join(folder, "a", "b"))).toBe(path);
    end();
    expect(findConfig(join(folder, "a", "b"))).toBeNull();
    const inside = join(folder, "a", "edgezero.config.json");
    writeFileSync(inside, "{}");
    expect(findConfig(join(folder, "a", "b"))).toBe(inside);
  });
});

test("no file is looked for where the store is given, unless the file is given too", async () => {
  writeFileSync(path, "broken");
  expect(await loadConfig({ store: "file:./rollout.json" }, folder)).toBeNull();
  const both = loadConfig({ store: "file:./rollout.json", config: path }, folder);
  await expect(both).rejects.toThrow("cannot be loaded");
});

test("a config that is code is no data, also where data lies further up", async () => {
  mkdirSync(join(folder, "a"));
  writeFileSync(join(folder, "a", "edgezero.config.ts"), "export default {};");
  expect(await loadDataConfig(join(folder, "a"))).toBeNull();
  expect(await loadDataConfig(folder)).toMatchObject({ path });
});

describe.skipIf(process.platform === "win32")("what others may write", () => {
  test.each([
    { name: "a file", mode: 0o646, sets: () => path },
    { name: "a folder", mode: 0o757, sets: () => folder },
  ])("$name is refused by name", async ({ mode, sets }) => {
    chmodSync(sets(), mode);
    expect(await refusal()).toContain(`${sets()} may be written by other users`);
    vi.stubEnv("EDGEZERO_TRUSTED_PATHS", sets());
    expect(await refusal()).toBeNull();
  });

  test("a sticky folder is no danger to a file of ours", async () => {
    chmodSync(folder, 0o1777);
    expect(await refusal()).toBeNull();
  });

  test("the folder of a link's target counts too", async () => {
    const open = join(folder, "open");
    mkdirSync(open);
    writeFileSync(join(open, "real.json"), "{}");
    chmodSync(open, 0o757);
    rmSync(path);
    symlinkSync(join(open, "real.json"), path);
    expect(await refusal()).toContain(`${open} may be written`);
  });
});

describe.skipIf(!isRoot)("of another user", () => {
  test.each([
    { name: "a file", theirs: () => path },
    { name: "a folder", theirs: () => folder },
  ])("$name is refused by name", async ({ theirs }) => {
    chownSync(theirs(), NOBODY, NOBODY);
    expect(await refusal()).toContain(`${theirs()} belongs to another user (number ${NOBODY}`);
    vi.stubEnv("SUDO_UID", String(NOBODY));
    expect(await refusal()).toBeNull();
  });

  test("a file is refused also where it is named", async () => {
    chownSync(path, NOBODY, NOBODY);
    await expect(loadConfig({ config: path }, "/")).rejects.toThrow("belongs to another user");
  });

  test("a shared group that may write is refused", async () => {
    chownSync(path, 0, 54_321);
    chmodSync(path, 0o664);
    expect(await refusal()).toContain("may be written by other users");
  });
});

test.each([
  { name: "of its own user", groups: "ann:x:1000:", users: "ann:x:1000:1000:", is: true },
  {
    name: "that lists only its user",
    groups: "ann:x:1000:ann",
    users: "ann:x:1000:1000:",
    is: true,
  },
  { name: "with another member", groups: "ann:x:1000:bob", users: "ann:x:1000:1000:", is: false },
  {
    name: "that another user begins with",
    groups: "ann:x:1000:",
    users: "ann:x:1000:1000:\nbob:x:1001:1000:",
    is: false,
  },
  { name: "that is not shown", groups: "root:x:0:", users: "ann:x:1000:1000:", is: false },
])("a group $name is private: $is", ({ groups, users, is }) => {
  expect(isPrivate(groups, users, { gid: 1000, uid: 1000 })).toBe(is);
});
