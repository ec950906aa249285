import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NO_LAST_VALUES } from "../last-values.ts";
import { openFileConfigStore } from "./reader.ts";

const SOON = { interval: 5 };
const MESSAGE =
  "config file was replaced where it is mounted from, and changes do not reach this process: mount its folder instead";
const READER = new URL("./reader.ts", import.meta.url).href;

let folder: string;
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-unlinked-"));
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  rmSync(folder, { recursive: true });
});

function write(path: string, pct: string): void {
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: pct };
  writeFileSync(`${path}.new`, JSON.stringify(values));
  renameSync(`${path}.new`, path);
}

// The files of a process, by number, are only there on Linux. Like a mount, they keep what is deleted.
describe.skipIf(process.platform !== "linux")("a file that is in no folder any more", () => {
  test("still counts, is warned of once, and is left once its path names another", async () => {
    const path = join(folder, "rollout.json");
    const original = join(folder, "original.json");
    write(original, "10");
    const descriptor = openSync(original, "r");
    cleanups.push(() => closeSync(descriptor));
    symlinkSync(`/proc/${process.pid}/fd/${descriptor}`, path);
    const logger = recordingLogger();
    const store = openFileConfigStore(path, { maxAgeMs: 600_000, last: NO_LAST_VALUES, logger });
    cleanups.push(() => store.close());
    const pct = (): string | null => store.get("edgezero_rollout_pct");
    expect([pct(), store.isUnlinked?.(), messages(logger, "warn")]).toEqual(["10", false, []]);

    rmSync(original);
    await expect.poll(() => store.isUnlinked?.(), SOON).toBe(true);
    expect(pct()).toBe("10");
    const polls = store.confirmedAt() ?? 0;
    await expect.poll(() => store.confirmedAt(), SOON).toBeGreaterThan(polls);
    expect(messages(logger, "warn")).toEqual([MESSAGE]);

    write(path, "20");
    await expect.poll(pct, SOON).toBe("20");
    expect([store.isUnlinked?.(), messages(logger, "warn")]).toEqual([false, [MESSAGE]]);
  });

  test("is not seen in one that is replaced, again and again", async () => {
    const path = join(folder, "rollout.json");
    write(path, "0");
    const logger = recordingLogger();
    const store = openFileConfigStore(path, { maxAgeMs: 600_000, last: NO_LAST_VALUES, logger });
    cleanups.push(() => store.close());
    for (let pct = 1; pct <= 50; pct++) {
      write(path, String(pct));
      await expect.poll(() => store.get("edgezero_rollout_pct"), SOON).toBe(String(pct));
    }
    expect([store.isUnlinked?.(), messages(logger, "warn")]).toEqual([false, []]);
  });
});

/** Why a file cannot be mounted here, or `null` where it can. */
function whyNoMounts(): string | null {
  const here = mkdtempSync(join(tmpdir(), "edgezero-mount-"));
  try {
    for (const name of ["a", "b"]) writeFileSync(join(here, name), name);
    execFileSync("unshare", ["-rm", "mount", "--bind", join(here, "a"), join(here, "b")], {
      stdio: "pipe",
    });
    return null;
  } catch (fault) {
    return String(fault).split("\n")[0] ?? "";
  } finally {
    rmSync(here, { recursive: true });
  }
}

const noMounts = whyNoMounts();
if (noMounts !== null) console.log(`Skipped: a file that is mounted by itself. ${noMounts}`);

describe.skipIf(noMounts !== null)("a file that is mounted by itself, and replaced outside", () => {
  const PROGRAM = `
    import { openFileConfigStore } from ${JSON.stringify(READER)};
    const say = (level) => (message) => console.log(JSON.stringify({ level, message }));
    const logger = { debug() {}, info: say("info"), warn: say("warn"), error: say("error") };
    const last = { kept: null, keep() {}, forget() {} };
    const store = openFileConfigStore(process.argv[1], { maxAgeMs: 600000, last, logger });
    console.log("open at", store.get("edgezero_rollout_pct"));
    setInterval(() => {
      const state = [store.get("edgezero_rollout_pct"), store.isUnlinked()];
      console.log(JSON.stringify({ state }));
    }, 100);`;

  test("is warned of in the container, which stays on the old values", async () => {
    const outside = join(folder, "outside.json");
    const inside = join(folder, "inside", "rollout.json");
    mkdirSync(join(folder, "inside"));
    writeFileSync(inside, "");
    write(outside, "10");
    const lines: string[] = [];
    const script = `mount --bind "$1" "$2" && exec "$3" --input-type=module -e "$4" "$2"`;
    const container = await startProcess(
      "unshare",
      ["-rm", "sh", "-c", script, "sh", outside, inside, process.execPath, PROGRAM],
      { cwd: folder, env: {}, ready: /open at 10/, onLine: (line) => void lines.push(line) },
    );
    cleanups.push(async () => container.stop());
    expect(lines.join()).not.toContain("warn");
    write(outside, "0");
    await expect.poll(() => lines.at(-1), SOON).toBe('{"state":["10",true]}');
    expect(lines.filter((line) => line.includes('"warn"'))).toEqual([
      JSON.stringify({ level: "warn", message: MESSAGE }),
    ]);
  });
});
