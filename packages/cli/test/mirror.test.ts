import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import type { ReadyProcess } from "@edgezero/testbed/process/start-process";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { startUpstream } from "@edgezero/testbed/upstream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";

const WITHIN = { interval: 20 };
const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const AT_100 = { ...AT_10, edgezero_rollout_pct: "100" };

let operator: Operator;
let target: string;
const running: ReadyProcess[] = [];

beforeEach(() => {
  operator = createOperator();
  target = join(operator.folder, "mirrored.json");
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (each) => each.stop()));
  operator.cleanUp();
});

/** Starts a mirror, and waits until the file is written. */
async function start(from: string): Promise<ReadyProcess> {
  const args = [MAIN, "mirror", "--from", from, "--to", `file:${target}`, "--every", "50"];
  const options = { cwd: operator.folder, env: cliEnv(), ready: /mirrors/ };
  const mirror = await startProcess(process.execPath, args, options);
  running.push(mirror);
  return mirror;
}

function mirrored(): Record<string, string> {
  return JSON.parse(readFileSync(target, "utf8")) as Record<string, string>;
}

describe("mirror", () => {
  test("follows the store, shows that it lives, and ends well", async () => {
    const mirror = await start("file:./rollout.json");
    expect(mirrored()).toMatchObject(AT_10);
    operator.put(AT_0);
    await expect.poll(mirrored, WITHIN).toMatchObject(AT_0);
    const before = Number(mirrored()["edgezero_mirrored_at"]);
    await expect
      .poll(() => Number(mirrored()["edgezero_mirrored_at"]), WITHIN)
      .toBeGreaterThan(before);
    expect(await mirror.end()).toEqual({ code: 0, signal: null });
  });

  test("can be read by everybody that the umask allows, as nginx's workers must", async () => {
    await start("file:./rollout.json");
    chmodSync(operator.path, 0o600);
    const { mode } = await import("node:fs").then(({ statSync }) => statSync(target));
    expect((mode & 0o777).toString(8)).toBe((0o666 & ~process.umask()).toString(8));
  });

  test("refuses a file that is somebody's store, and one that is no file", async () => {
    writeFileSync(target, JSON.stringify(AT_100));
    const refused = await operator.run(`mirror --from file:./rollout.json --to file:${target}`);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining("was not written by a mirror"),
    ]);
    expect(mirrored()).toEqual(AT_100);
    const other = await operator.run("mirror --from file:./rollout.json --to redis://127.0.0.1");
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("--to is")]);
  });
});

describeWithRedis("a fleet's gateway on nginx, by a mirror of Redis", () => {
  test.skipIf(nginxMissing !== undefined && process.env["CI"] !== "true")(
    "obeys Redis, and goes to legacy once Redis is gone for CONFIG_MAX_AGE_MS",
    async () => {
      const redis = await startRedis();
      const legacy = await startUpstream((_, response) => void response.end("legacy"));
      const edgezero = await startUpstream((_, response) => void response.end("edgezero"));
      await redis.write(AT_100);
      await start(redis.url);
      const gateway = await startNginxGateway({
        origins: { legacy: legacy.url, edgezero: edgezero.url },
        settings: { EDGEZERO_CONFIG: target, CONFIG_MAX_AGE_MS: 2500 },
      });
      const served = async (): Promise<string> => (await send(gateway.url)).text;
      try {
        await expect.poll(served, WITHIN).toBe("edgezero");
        await redis.write(AT_0);
        await expect.poll(served, WITHIN).toBe("legacy");
        await redis.write(AT_100);
        await expect.poll(served, WITHIN).toBe("edgezero");
        await redis.kill();
        await expect.poll(served, WITHIN).toBe("legacy");
        expect(existsSync(target)).toBe(true);
        expect(mirrored()).toMatchObject(AT_100);
      } finally {
        await gateway.stop();
        await Promise.all([redis.close(), legacy.close(), edgezero.close()]);
      }
    },
  );
});
