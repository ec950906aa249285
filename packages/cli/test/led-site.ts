import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@edgezero/control-api/client";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { readingOf } from "@edgezero/operations/reading";
import type { StoredValues } from "@edgezero/stores/operator-store";
import type { ControllerProcess } from "@edgezero/testbed/start-controller";
import { startController } from "@edgezero/testbed/start-controller";
import { startFakeGateway } from "./fake-gateway.ts";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

const PER_SECOND = 1000;
const PLAN = {
  stages: [
    { pct: 10, hold: "10m", approval: true },
    { pct: 50, hold: "10m" },
  ],
  signals: {
    errors: { kind: "rate", of: "failures", margin: { points: 0.5 }, breach: "rollback" },
  },
  window: "1s",
  propagation: "2s",
};

/** A file store, a simulated gateway that counts by it, and a controller's process that leads it. */
export interface LedSite {
  readonly operator: Operator;
  readonly controller: ControllerProcess;
  /** Runs the command by the config file. */
  run(args: string, env?: Readonly<Record<string, string>>): Promise<Run>;
  view(): Promise<EnvironmentView>;
  /** Whether the gateway goes on by the values of the start. */
  isDeaf: boolean;
  stop(): Promise<void>;
}

/** What a test sets up. */
export interface LedSiteOptions {
  /** The controller's token; the config names `TOKEN` as its variable. */
  readonly token?: string;
  /** The plan's window; a second unless given. */
  readonly window?: string;
}

/** Starts all of it, at 0%. */
export async function startLedSite({ token, window }: LedSiteOptions = {}): Promise<LedSite> {
  const operator = createOperator({ edgezero_enabled: "true", edgezero_rollout_pct: "0" });
  const atStart = await readingOf(operator.values() as unknown as StoredValues);
  const counts = { legacy: 0, edgezero: 0 };
  let at = performance.now();
  const gateway = await startFakeGateway((response) => {
    void page().then((text) =>
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(text),
    );
  });

  async function page(): Promise<string> {
    const now = await readingOf(operator.values() as unknown as StoredValues);
    const { rolloutPct, epoch } = (site.isDeaf ? atStart : now).state;
    const passed = Math.round(((performance.now() - at) / 1000) * PER_SECOND);
    at = performance.now();
    counts.edgezero += Math.round((passed * rolloutPct) / 100);
    counts.legacy += passed - Math.round((passed * rolloutPct) / 100);
    const requests = Object.entries(counts).map(
      ([path, count]) =>
        `edgezero_requests_total{path="${path}",reason="bucket",status_class="2xx",outcome="ok",excluded="no"} ${count}`,
    );
    return `${requests.join("\n")}\nedgezero_config_epoch ${Number.parseInt(epoch, 16)}\n`;
  }

  const config = join(operator.folder, "edgezero.config.json");
  const write = (controller?: object): void =>
    writeFileSync(
      config,
      JSON.stringify({
        defaultEnvironment: "production",
        environments: {
          production: {
            store: "file:./rollout.json",
            evidence: [`scrape:${gateway.url}metrics`],
            plan: { ...PLAN, ...(window !== undefined && { window }) },
            controller,
          },
        },
      }),
    );
  write();
  const secret = token === undefined ? {} : { CONTROLLER_TOKEN: token };
  const controller = await startController(config, operator.folder, secret);
  write({ url: controller.url, ...(token !== undefined && { tokenEnv: "TOKEN" }) });
  const client = createClient({ url: controller.url, token });
  const site: LedSite = {
    operator,
    controller,
    isDeaf: false,
    run: async (args, env = {}) => operator.run(args, { EDGEZERO_STORE: "", ...env }),
    view: async () => client.environment("production"),
    async stop() {
      await controller.end("SIGKILL");
      gateway.close();
      operator.cleanUp();
    },
  };
  return site;
}
