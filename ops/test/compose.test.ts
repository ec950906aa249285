import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@edgezero/testbed/free-port";
import { send } from "@edgezero/testbed/http-client";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { layImage, runSteps } from "./image.ts";

const CONTAINERS = fileURLToPath(new URL("../containers", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SECRET = "only-for-this-test-".repeat(2);
const read = (file: string): string => readFileSync(join(CONTAINERS, file), "utf8");

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly environment: Readonly<Record<string, string>> }>
  >;
}

const compose = parse(read("compose.yaml")) as Compose;

/** The environment of a service, with what `docker compose` puts in for `${NAME:-}` and `${NAME:?…}`. */
function environmentOf(
  service: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { environment = {} } = compose.services[service] ?? {};
  const values = Object.entries(environment).map(([name, value]) => {
    const put = value.replace(
      /^\$\{(\w+):[-?].*\}$/,
      (_, variable: string) => given[variable] ?? "",
    );
    return [name, put] as const;
  });
  return Object.fromEntries(values);
}

describeWithRedis("the services of compose.yaml, as processes of this machine", () => {
  test("the controller leads a rollout of the gateway by Redis, and its page is served", async () => {
    const root = mkdtempSync(join(tmpdir(), "edgezero-compose-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const redis = await startRedis();
    onTestFinished(async () => redis.close());
    const [site, metrics, page] = [await freePort(), await freePort(), await freePort()];
    const here = (text: string): string =>
      text
        .replaceAll("redis://redis:6379", redis.url)
        .replaceAll("http://gateway:8787", `http://127.0.0.1:${site}`)
        .replaceAll("gateway:9464", `127.0.0.1:${metrics}`)
        .replaceAll("http://127.0.0.1:8790", `http://127.0.0.1:${page}`);

    execFileSync(process.execPath, ["scripts/build.ts"], { cwd: join(ROOT, "apps/node") });
    const given = environmentOf("gateway", { PROBE_SECRET: SECRET });
    const ports = { PORT: String(site), METRICS_PORT: String(metrics) };
    const main = join(ROOT, "apps/node/dist/main.js");
    const gateway = await startProcess(process.execPath, [main], {
      env: { ...given, EDGEZERO_CONFIG: here(given["EDGEZERO_CONFIG"] ?? ""), ...ports },
      ready: /gateway started/,
    });
    onTestFinished(async () => gateway.stop());

    const dockerfile = read("controller.Dockerfile");
    const source = join(root, "source");
    expect(runSteps(dockerfile, source)).toBe(4);
    layImage(dockerfile, source, root);
    mkdirSync(join(root, "config"));
    const config = join(root, "config/edgezero.config.json");
    writeFileSync(config, here(read("config/edgezero.config.json")));
    const [, command = "[]"] = /^CMD (\[.+\])$/m.exec(dockerfile) ?? [];
    const [, ...args] = (JSON.parse(command) as string[]).map((each) =>
      each.startsWith("/") ? join(root, each) : each,
    );
    const controller = await startProcess(process.execPath, args, {
      env: {
        ...environmentOf("controller", { PROBE_SECRET: SECRET, CONTROLLER_TOKEN: SECRET }),
        HOST: "0.0.0.0",
        STATE_DIR: join(root, "state"),
        PORT: String(page),
      },
      ready: /controller started/,
    });
    onTestFinished(async () => controller.stop());

    const url = `http://127.0.0.1:${page}`;
    expect((await send(url)).body.toString()).toContain("<script");
    expect((await send(`${url}/api/v1/environments`)).status).toBe(401);
    expect((await send(`${url}/metrics`)).status).toBe(401);

    const operator = {
      EDGEZERO_PROBE_SECRET: SECRET,
      CONTROLLER_TOKEN: SECRET,
      EDGEZERO_OPERATOR: "a test",
    };
    const say = async (...words: string[]): Promise<string> => {
      const cli = join(ROOT, "packages/cli/src/main.ts");
      const ended = await runToEnd(process.execPath, [cli, ...words, "--config", config], {
        cwd: root,
        env: operator,
      });
      return `${ended.code} ${ended.stdout}${ended.stderr}`;
    };
    expect(await say("init")).toMatch(/^0 /);
    expect(await say("enable", "--yes")).toMatch(/^0 /);
    await expect.poll(async () => say("start", "-m", "a test")).toMatch(/^0 /);
    await expect.poll(async () => say("explain")).toContain("warming-up");
  }, 900_000);
});
