import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ControllerClient } from "@edgezero/control-api/client";
import { createClient } from "@edgezero/control-api/client";
import { createFile } from "@edgezero/stores/file/durable-file";
import type { Load } from "./load/load.ts";
import { startLoad } from "./load/load.ts";
import { PLAN } from "./plan.ts";
import type { Child } from "./processes/child.ts";
import { startChild } from "./processes/child.ts";
import { startRelay } from "./processes/relay.ts";
import type { FaultName, Site } from "./site/fault.ts";
import { conditionsOf } from "./site/fault.ts";
import { startOrigin } from "./site/origin.ts";
import { createStore } from "./site/store.ts";

/** The name of the environment in the demo's config. */
export const ENVIRONMENT = "shop";

/** A demo that runs. */
export interface Demo {
  readonly gatewayUrl: string;
  readonly legacyUrl: string;
  readonly edgezeroUrl: string;
  readonly controllerUrl: string;
  readonly controller: ControllerClient;
  readonly load: Load;
  fault(): FaultName | null;
  /** Begins a fault in place of the one before; `null` heals. */
  setFault(fault: FaultName | null): Promise<void>;
  /** Rejects when a process of it ends by itself. */
  readonly ended: Promise<never>;
  /** Ends all processes, and deletes all files. */
  stop(): Promise<void>;
}

/** Starts everything but the page's server. Rejects, and leaves nothing behind, where a part cannot start. */
export async function startDemo(): Promise<Demo> {
  const undo: (() => Promise<void>)[] = [];
  const onStop = (step: () => Promise<void>): void => void undo.push(step);
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    return { ...(await startParts(onStop)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  onStop: (step: () => Promise<void>) => void,
): Promise<Omit<Demo, "stop">> {
  const site: Site = { fault: null };
  const folder = await mkdtemp(join(tmpdir(), "edgezero-demo-"));
  onStop(async () => rm(folder, { recursive: true, force: true }));
  const storePath = join(folder, "rollout.json");
  const store = await createStore(storePath);
  const secret = randomBytes(32).toString("hex");

  const [legacy, edgezero] = await Promise.all([
    startOrigin("legacy", site),
    startOrigin("edgezero", site),
  ]);
  onStop(async () => legacy.close());
  onStop(async () => edgezero.close());
  const gateway = await startGateway({
    EDGEZERO_CONFIG: storePath,
    LEGACY_ORIGIN: legacy.url,
    EDGEZERO_ORIGIN: edgezero.url,
    PROBE_SECRET: secret,
  });
  onStop(async () => gateway.stop());
  const gatewayUrl = String(gateway.said["url"]);
  const relay = await startRelay(
    String(gateway.said["metrics"]),
    () => conditionsOf(site).hasSource,
  );
  onStop(async () => relay.close());
  const config = join(folder, "edgezero.config.json");
  const environment = {
    store: "file:./rollout.json",
    operator: "demo",
    urls: [gatewayUrl],
    instances: 1,
    evidence: [`scrape:${relay.url}/metrics`],
    plan: PLAN,
  };
  await createFile(config, JSON.stringify({ environments: { [ENVIRONMENT]: environment } }));
  const load = startLoad(gatewayUrl, site);
  onStop(async () => load.stop());
  const controller = await startController(config, folder, secret);
  onStop(async () => controller.stop());
  const controllerUrl = String(controller.said["url"]);

  return {
    gatewayUrl,
    legacyUrl: legacy.url,
    edgezeroUrl: edgezero.url,
    controllerUrl,
    controller: createClient({ url: controllerUrl }),
    load,
    fault: () => site.fault,
    async setFault(fault) {
      site.fault = fault;
      await (conditionsOf(site).hasKey ? store.restoreKey() : store.deleteKey());
    },
    ended: Promise.race([gateway.ended, controller.ended]),
  };
}

async function startGateway(env: Readonly<Record<string, string>>): Promise<Child> {
  const program = fileURLToPath(import.meta.resolve("@edgezero/node/main"));
  const own = { PORT: "0", METRICS_PORT: "0", TRUST_PROXY: "loopback", ...env };
  return startChild("gateway", program, [], own, "gateway started");
}

async function startController(config: string, folder: string, secret: string): Promise<Child> {
  const program = fileURLToPath(import.meta.resolve("@edgezero/controller/main"));
  const env = { PORT: "0", STATE_DIR: join(folder, "controller"), EDGEZERO_PROBE_SECRET: secret };
  return startChild("controller", program, ["--config", config], env, "controller started");
}
