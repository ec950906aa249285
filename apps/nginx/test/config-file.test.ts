import { execFileSync } from "node:child_process";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, routeOf, setStage } from "./stage.ts";

const SETTINGS = { ATTRIBUTION: "detail", CONFIG_MAX_AGE_MS: 5000 };
const OFTEN = { interval: 5 };

/** Lets each read of the file fail while there is another one beside it: root can read all files. */
const BREAKING = `
    local system = require("edgezero.system")
    local file_reader = system.file_reader
    system.file_reader = function(path, most)
      local read = file_reader(path, most)
      return function()
        local broken = io.open(path .. ".broken")
        if not broken then return read() end
        broken:close()
        return "failed", "the disk is broken"
      end
    end`;

let stage: Stage;

describeWithProgram(nginxMissing ?? null, "the config file", () => {
  beforeAll(async () => {
    stage = await setStage({ settings: SETTINGS, beforeSetup: BREAKING });
  });
  afterEach(() => rmSync(stage.gateway.config, { force: true, recursive: true }));
  afterAll(async () => stage.close());

  test("a change is obeyed without a reload, and without a request for metrics", async () => {
    for (const pct of [100, 0, 100, 0]) {
      stage.gateway.write(enabledAt(pct));
      const expected = pct === 0 ? [200, "legacy", "rollback"] : [200, "edgezero", "cutover"];
      await expect.poll(async () => routeOf(stage), OFTEN).toEqual(expected);
    }
  });

  test("a file that is edited in place is obeyed too", async () => {
    await stage.obeyed(enabledAt(0));
    writeFileSync(stage.gateway.config, JSON.stringify(enabledAt(100)));
    await expect.poll(async () => routeOf(stage), OFTEN).toEqual([200, "edgezero", "cutover"]);
  });

  test("a file that is gone or broken counts at once, and one that is back as well", async () => {
    for (const [content, reason, path] of [
      [enabledAt(100), "cutover", "edgezero"],
      [null, "store-unavailable", "legacy"],
      [enabledAt(100), "cutover", "edgezero"],
      ["{", "store-unavailable", "legacy"],
      [enabledAt(100), "cutover", "edgezero"],
      [{ ...enabledAt(100), edgezero_rollout_pct: 100 }, "pct-unreadable", "legacy"],
    ] as const) {
      await stage.obeyed(content);
      expect(await routeOf(stage)).toEqual([200, path, reason]);
    }
  });

  test("while reads fail the last values stand, for CONFIG_MAX_AGE_MS; then legacy", async () => {
    await stage.obeyed(enabledAt(100));
    writeFileSync(`${stage.gateway.config}.broken`, "");
    await expect
      .poll(async () => routeOf(stage), OFTEN)
      .toEqual([200, "edgezero", "stale-cutover"]);
    await expect
      .poll(async () => routeOf(stage), OFTEN)
      .toEqual([200, "legacy", "store-unavailable"]);
    rmSync(`${stage.gateway.config}.broken`);
    await expect.poll(async () => routeOf(stage), OFTEN).toEqual([200, "edgezero", "cutover"]);
    const said = stage.lines.filter((line) => line.includes("the disk is broken"));
    // One line for each of the two reasons, though it was read 50 times a second.
    expect(said.length).toBeLessThanOrEqual(2);
  });

  test("a link to itself is no file", async () => {
    await stage.obeyed(enabledAt(100));
    const { config } = stage.gateway;
    symlinkSync(config, `${config}.loop`);
    renameSync(`${config}.loop`, config);
    await expect
      .poll(async () => routeOf(stage), OFTEN)
      .toEqual([200, "legacy", "store-unavailable"]);
  });

  test("a pipe is no config file, and stops no request", async () => {
    await stage.obeyed(enabledAt(100));
    const { config } = stage.gateway;
    execFileSync("mkfifo", [`${config}.pipe`]);
    renameSync(`${config}.pipe`, config);
    await expect
      .poll(async () => routeOf(stage), OFTEN)
      .toEqual([200, "legacy", "store-unavailable"]);
  });

  test("a mirror that is silent for CONFIG_MAX_AGE_MS sends all to legacy", async () => {
    await stage.obeyed(mirrored(0));
    expect(await routeOf(stage)).toEqual([200, "edgezero", "cutover"]);
    await expect
      .poll(async () => routeOf(stage), OFTEN)
      .toEqual([200, "legacy", "store-unavailable"]);
    await stage.obeyed(mirrored(0));
    expect(await routeOf(stage)).toEqual([200, "edgezero", "cutover"]);
    // A clock that was set back must not let a dead mirror look alive.
    await stage.obeyed(mirrored(-60_000));
    expect(await routeOf(stage)).toEqual([200, "legacy", "store-unavailable"]);
  });

  test("the log says why, and quotes no value", async () => {
    await stage.obeyed('{"secret": "do not tell", "x": 5}');
    await send(stage.gateway.url);
    const said = () => stage.lines.filter((line) => line.includes("config store cannot be opened"));
    await expect.poll(said).not.toEqual([]);
    expect(stage.lines.join("\n")).not.toContain("do not tell");
  });
});

/** A config that a mirror has written that long ago. */
function mirrored(ageMs: number): unknown {
  return { ...enabledAt(100), edgezero_mirrored_at: String(Date.now() - ageMs) };
}
