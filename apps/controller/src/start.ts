import { loadConfig } from "@edgezero/config";
import { NO_HISTORY } from "@edgezero/control-api/history";
import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { Logger } from "@edgezero/rollout";
import type { CONTROLLER_SETTINGS, Values } from "@edgezero/settings";
import { messageOf } from "@edgezero/faults/faults";
import { createApi } from "./api/api.ts";
import type { Environments } from "./api/environments.ts";
import { listenApi, remoteAddress } from "./api/listen.ts";
import { tokenFinding } from "./api/token.ts";
import type { Measured } from "./api/metrics-page.ts";
import { metricsPage } from "./api/metrics-page.ts";
import type { LedEnvironments } from "./environment/led-environments.ts";
import { leadEnvironments } from "./environment/led-environments.ts";
import type { LedEnvironment } from "./environment/open-environment.ts";
import { pageFolder, readPage } from "./page/page-files.ts";

const GRACE_MS = 2000;

/** A controller that listens. */
export interface RunningController {
  readonly url: string;
  /** Reads the config file again. Gives why it is refused; then nothing has changed. Never rejects. */
  reload(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Opens every environment that is to be cared for, and listens. One that cannot be run is shown as such, and
 * the others run. Rejects with a message for operators where none can be.
 */
export async function startController(
  settings: Values<typeof CONTROLLER_SETTINGS>,
  config: string | undefined,
  logger: Logger,
): Promise<RunningController> {
  const { HOST, PORT, STATE_DIR, CONTROLLER_TOKEN, INGEST_TOKEN } = settings;
  const refusal = tokenFinding(HOST, CONTROLLER_TOKEN ?? null);
  if (refusal !== null) throw new Error(refusal);
  const load = async (): ReturnType<typeof loadConfig> => loadConfig({ config }, process.cwd());
  const loaded = await load();
  if (loaded === null) {
    throw new Error("no environment of a config file names `evidence`: give --config <file>");
  }
  const place = { variables: process.env, stateDir: STATE_DIR, logger };
  const led = await leadEnvironments(loaded, place);
  const ending = new AbortController();
  try {
    const app = createApi({
      environments: environmentsOf(led),
      token: CONTROLLER_TOKEN ?? null,
      ingestToken: INGEST_TOKEN ?? null,
      metrics: () => metricsPage(led.all().map((each) => measured(each, led))),
      now: () => Date.now(),
      addressOf: remoteAddress,
      onFault: (error) => logger.error("a request has a fault", { why: messageOf(error) }),
      ending: ending.signal,
      page: await readPage(pageFolder()),
    });
    const server = await listenApi((request, env) => app.fetch(request, env), PORT, HOST);
    for (const { rollout } of led.all()) void rollout.run();
    return {
      url: server.url,
      reload: async () => led.reload(load),
      async stop() {
        ending.abort();
        await server.close(GRACE_MS);
        await led.close();
      },
    };
  } catch (error) {
    await led.close();
    throw error;
  }
}

function measured(environment: LedEnvironment, led: LedEnvironments): Measured {
  const { rollout, notifier } = environment;
  return {
    view: rollout.views.latest(),
    counts: rollout.counts(),
    windowMs: environment.windowMs(),
    leasesLost: led.leasesLost(rollout.views.latest().name),
    isConfigRefused: led.refused().length > 0,
    ...notifier.read(),
  };
}

function environmentsOf(led: LedEnvironments): Environments {
  return {
    names: led.names,
    history: (name, wish) => led.get(name)?.rollout.history.read(wish) ?? NO_HISTORY,
    recording: (name, range) => led.get(name)?.rollout.history.recording(range) ?? null,
    notifications: (name) => led.get(name)?.notifier.read() ?? NO_NOTIFICATIONS,
    view: (name) => led.get(name)?.rollout.views.latest() ?? null,
    subscribe: led.subscribe,
    async command(name, request) {
      const found = led.get(name);
      if (found === undefined) throw new Error("there is no such environment");
      return found.rollout.command(request);
    },
    async ingest(name, body) {
      const found = led.get(name);
      if (found === undefined) throw new Error("there is no such environment");
      return found.ingest(body);
    },
    isReady: () => led.all().every(({ rollout }) => rollout.isReady()),
  };
}
