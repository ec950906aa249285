import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_SETTINGS } from "@edgezero/node/settings";
import { CONTROLLER_SETTINGS } from "@edgezero/settings";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { freePort } from "@edgezero/testbed/free-port";
import { send } from "@edgezero/testbed/http-client";
import type { ReadyProcess } from "@edgezero/testbed/process/start-process";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { describe, expect, onTestFinished, test } from "vitest";
import { runSteps } from "./image.ts";

const OPS = fileURLToPath(new URL("..", import.meta.url));
const ROOT = dirname(OPS.replace(/\/$/, ""));
const read = (file: string): string => readFileSync(join(OPS, file), "utf8");

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-services-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds the gateway's one file, and gives its path in a folder of its own. */
function builtGateway(folder: string): string {
  execFileSync(process.execPath, ["scripts/build.ts"], { cwd: join(ROOT, "apps/node") });
  const file = join(folder, "main.js");
  cpSync(join(ROOT, "apps/node/dist/main.js"), file);
  return file;
}

async function startGateway(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ReadyProcess> {
  const gateway = await startProcess(process.execPath, args, { env, ready: /gateway started/ });
  onTestFinished(async () => gateway.stop());
  return gateway;
}

describeWithProgram(
  spawnSync("systemd-analyze", ["--version"]).error === undefined
    ? null
    : "systemd-analyze is missing: apt-get install systemd",
  "the systemd unit",
  () => {
    test("is one that systemd accepts, and leaves little exposed", () => {
      const file = join(temporaryFolder(), "edgezero-gateway.service");
      // The paths of the page are not there.
      writeFileSync(
        file,
        read("systemd/edgezero-gateway.service").replace("/usr/local/bin/node", process.execPath),
      );
      const verified = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
      expect([verified.status, verified.stderr]).toEqual([0, ""]);
      const security = ["security", "--offline=true", "--threshold=20", file];
      expect(spawnSync("systemd-analyze", security).status).toBe(0);
    });
  },
);

test("what the unit starts serves with the settings that are shipped, and is ready", async () => {
  const folder = temporaryFolder();
  const unit = read("systemd/edgezero-gateway.service");
  const [, command = "", file = ""] = /^ExecStart=(\S+) (\S+)$/m.exec(unit) ?? [];
  expect([command, file]).toEqual(["/usr/local/bin/node", "/opt/edgezero-gateway/main.js"]);
  const [, settings = ""] = /^Environment=SETTINGS_FILE=(\S+)$/m.exec(unit) ?? [];
  expect(settings).toBe("/etc/edgezero-gateway/gateway.env");
  const config = join(folder, "rollout.json");
  writeFileSync(config, '{"edgezero_enabled": "false", "edgezero_rollout_pct": "0"}');
  const port = await freePort();
  // What the environment has counts over the file.
  await startGateway([builtGateway(folder)], {
    SETTINGS_FILE: join(OPS, "systemd/gateway.env"),
    EDGEZERO_CONFIG: config,
    PORT: String(port),
    METRICS_PORT: "0",
  });
  const ready = `http://127.0.0.1:${port}/-/ready`;
  await expect.poll(async () => (await send(ready)).status).toBe(200);
});

describe("the image", () => {
  const dockerfile = read("containers/Dockerfile");

  test("its RUN steps build the gateway in an empty folder", () => {
    const folder = temporaryFolder();
    expect(runSteps(dockerfile, folder)).toBe(2);
    const [, built = ""] = /^COPY --from=build \/source\/(\S+) /m.exec(dockerfile) ?? [];
    expect(readFileSync(join(folder, built), "utf8")).toContain("The gateway needs Node");
  }, 900_000);

  test("its command serves with its environment, its health check passes, SIGTERM ends it", async () => {
    const folder = temporaryFolder();
    const [, list = ""] = /^ENV (.+)$/m.exec(dockerfile) ?? [];
    const env = Object.fromEntries(list.split(" ").map((each) => each.split("=")));
    // They would count over a settings file, in silence but for a line of the log.
    expect(Object.keys(env)).toEqual(["HOST", "METRICS_HOST"]);
    const command = JSON.parse(/^CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? "[]") as string[];
    expect(command).toEqual(["node", "/app/main.js"]);
    const [port, metrics] = [await freePort(), await freePort()];
    const config = join(folder, "rollout.json");
    writeFileSync(config, '{"edgezero_enabled": "true", "edgezero_rollout_pct": "100"}');
    const gateway = await startGateway([builtGateway(folder)], {
      ...env,
      EDGEZERO_CONFIG: config,
      PORT: String(port),
      METRICS_PORT: String(metrics),
    });
    expect((await send(`http://127.0.0.1:${port}`)).status).toBe(200);
    const health = /^HEALTHCHECK .*CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? "[]";
    const check = (at: number): number | null => {
      const [, ...args] = JSON.parse(health.replace("8787", String(at))) as string[];
      return spawnSync(process.execPath, args).status;
    };
    expect([check(port), check(metrics)]).toEqual([0, 1]);
    expect(await gateway.end()).toEqual({ code: 0, signal: null });
  });
});

test.each(["kubernetes/gateway.yaml", "containers/compose.yaml", "systemd/gateway.env"])(
  "%s names only settings that exist",
  (file) => {
    const named = [...read(file).matchAll(/^[ #]*([A-Z][A-Z_]+)[:=]/gm)].map(
      ([, name = ""]) => name,
    );
    expect(named.length).toBeGreaterThan(4);
    // The variable that edgezero.config.json names as its secret is the operators' own.
    const known = { ...NODE_SETTINGS, ...CONTROLLER_SETTINGS, EDGEZERO_PROBE_SECRET: null };
    expect(named.filter((name) => !Object.hasOwn(known, name))).toEqual([]);
  },
);

test.each([
  "kubernetes/gateway.yaml",
  "containers/compose.yaml",
  "systemd/edgezero-gateway.service",
])("%s gives the gateway the time that it may take to end", (file) => {
  const text = read(file);
  const [, given] =
    /(?:terminationGracePeriodSeconds: |stop_grace_period: |TimeoutStopSec=)(\d+)/.exec(text) ?? [];
  const delay = /SHUTDOWN_DELAY_MS[:=] ?"?(\d+)/.exec(
    file.startsWith("systemd") ? read("systemd/gateway.env") : text,
  )?.[1];
  const grace = Number(NODE_SETTINGS.SHUTDOWN_GRACE_MS.default);
  expect(1000 * Number(given)).toBeGreaterThan(Number(delay) + grace + 5000);
});
