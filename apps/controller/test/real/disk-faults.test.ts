import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { openStore } from "@edgezero/stores/file/operator";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { afterEach, beforeEach, expect, test } from "vitest";
import { leaveRollout } from "../left-rollout.ts";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import type { CountedSite } from "./counted-site.ts";
import { startCountedSite } from "./counted-site.ts";
import { writeStore } from "./site.ts";

const PLAN = { stages: [{ pct: 10, hold: "1h" }], window: "1s", propagation: "2s" };
const MAY_BE_BUSY = { retry: 2, timeout: 120_000 };
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const MISSING =
  spawnSync("prlimit", ["--version"]).status === 0
    ? null
    : "prlimit is not installed: apt-get install util-linux";

let folder: string;
let store: string;
let site: CountedSite;
let controller: ControllerProcess | null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-disk-"));
  store = join(folder, "rollout.json");
  writeStore(store, 10);
  await leaveRollout({
    stateDir: join(folder, "state"),
    environment: "production",
    store: `file:${store}`,
  });
  site = await startCountedSite(async () => openStore(`file:${store}`).read());
  const production = { store: `file:${store}`, evidence: [`scrape:${site.url}`], plan: PLAN };
  writeFileSync(
    join(folder, "edgezero.config.json"),
    JSON.stringify({ environments: { production } }),
  );
  controller = null;
});
afterEach(async () => {
  await controller?.end("SIGKILL");
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ControllerProcess> {
  controller = await startController({ folder, config: join(folder, "edgezero.config.json") });
  await controller.until(({ pct }) => pct !== null, 30_000);
  return controller;
}

function pctInStore(): unknown {
  return (JSON.parse(readFileSync(store, "utf8")) as Record<string, unknown>)[
    "edgezero_rollout_pct"
  ];
}

/** Lets a process write files of so many bytes: a state is larger, and a store and a line of the trail are not. */
function limitFiles(pid: number, bytes: string): void {
  const { status, stderr } = spawnSync("prlimit", [
    "--pid",
    String(pid),
    `--fsize=${bytes}:unlimited`,
  ]);
  if (status !== 0) throw new Error(String(stderr));
}

describeWithProgram(MISSING, "with a disk that takes no state", () => {
  test("a 0 is written all the same, and is known after a kill", MAY_BE_BUSY, async () => {
    const first = await start();
    limitFiles(first.pid, "8192");
    site.failing = 1;
    await first.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 60_000);
    expect(pctInStore()).toBe("0");
    await expect.poll(() => first.lines.join("\n")).toContain("the state cannot be saved");
    await first.end("SIGKILL");
    site.failing = 0;
    const next = await start();
    const view = await next.until(({ state }) => state === "rolled-back", 30_000);
    expect(view.pct).toBe(0);
    expect(pctInStore()).toBe("0");
    const { findings } = await openFileJournal(join(folder, "rollout.audit.jsonl")).read();
    expect(findings).toEqual([]);
  });

  test("once there is room the state is saved, and nothing is lost", MAY_BE_BUSY, async () => {
    const first = await start();
    limitFiles(first.pid, "8192");
    const request = { command: "pause", who: "ana", reason: "a test", id: "pause-1" } as const;
    const answer = await first.client.command("production", request);
    expect(answer).toMatchObject({ accepted: true });
    expect(answer.sentence).toContain("It is not on the disk yet: ");
    limitFiles(first.pid, "unlimited");
    await expect
      .poll(() => readFileSync(join(folder, "state", "production.json"), "utf8"), {
        timeout: 20_000,
      })
      .toContain("pause-1");
    await first.end("SIGKILL");
    const next = await start();
    expect(await next.view()).toMatchObject({ state: "paused" });
    expect(await next.client.command("production", request)).toMatchObject({ repeated: true });
  });
});

test(
  "a state folder that cannot be used refuses the start, and names it",
  MAY_BE_BUSY,
  async () => {
    const path = join(folder, "no-folder");
    writeFileSync(path, "a file");
    const ended = await runToEnd(
      process.execPath,
      [MAIN, "--config", join(folder, "edgezero.config.json")],
      { cwd: folder, env: { PORT: "0", STATE_DIR: path } },
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("The controller cannot start.\nproduction: ");
    expect(ended.stderr).toContain(path);
  },
);
