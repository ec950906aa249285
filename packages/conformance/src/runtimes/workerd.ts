import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type {
  KvBinding,
  Namespace,
  Workerd,
  WorkerdOptions,
} from "@edgezero/testbed/cloudflare/miniflare";
import { startWorkerd } from "@edgezero/testbed/cloudflare/miniflare";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { VECTOR_CLIENTS } from "../known-clients.ts";
import { collectLog } from "../log-lines.ts";
import type { GatewaySettings, Route, Runtime, RuntimeUnderTest } from "../runtime.ts";
import { DEFAULT_SETTINGS } from "../runtime.ts";
import { allTo } from "../stage.ts";

/** How long the Worker goes by what it last read, where it is put under load. */
const MAX_AGE_UNDER_LOAD_MS = 1000;

/**
 * The Worker in workerd, over a real KV. It reads KV for every request, so that a change applies to
 * the next one; but under load, where it keeps what it has read. Clients come by
 * `CF-Connecting-IP`, as the platform gives them.
 */
export const workerd: Runtime = {
  name: "workerd",
  eventRuntime: "cloudflare",
  tellsEnding:
    "local workerd does not tell a Worker that its client went away, nor that a last byte is sent",
  tellsUpgrades: true,
  keepsInstance: true,
  clients: VECTOR_CLIENTS,
  unreadableKeys: [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY],
  platformHeaders: ["CF-Connecting-IP"],
  keepsEncodedBodies: false,
  start,
};

async function start(
  origins: OriginUrls,
  settings: GatewaySettings = {},
): Promise<RuntimeUnderTest> {
  const { log, events, collect } = collectLog();
  const started: Workerd[] = [];
  const launch = async (kv: KvBinding, configMaxAgeMs = 0): Promise<Workerd> => {
    const options = { origins, settings, kv, configMaxAgeMs, onLogLine: collect };
    const instance = await startWorker(options);
    started.push(instance);
    return instance;
  };
  const whole = await launch("real");
  const namespace = await whole.namespace();
  // A binding is there or not for as long as a Worker runs, so these are Workers of their own.
  let withoutStore: Workerd | undefined;
  let withBrokenStore: Workerd | undefined;
  let current = whole;

  return {
    log,
    events,
    route: (clientIp) => routeTo(current, clientIp),
    async write(values) {
      if (values === null) {
        current = withoutStore ??= await launch("missing");
      } else {
        await fill(namespace, values);
        current = whole;
      }
    },
    async makeUnreadable(key) {
      withBrokenStore ??= await launch("scripted");
      await withBrokenStore.script({ values: allTo("edgezero"), unreadable: key });
      current = withBrokenStore;
    },
    async underLoad() {
      const warm = await launch("real", MAX_AGE_UNDER_LOAD_MS);
      const warmNamespace = await warm.namespace();
      return {
        route: (clientIp) => routeTo(warm, clientIp),
        write: async (values) => fill(warmNamespace, values ?? {}),
        propagationMs: MAX_AGE_UNDER_LOAD_MS,
      };
    },
    async stop() {
      await Promise.all(started.map(async (instance) => instance.stop()));
    },
  };
}

/** Starts the Worker, with {@link DEFAULT_SETTINGS} where settings are not given. */
export async function startWorker({
  settings,
  ...options
}: Omit<WorkerdOptions, "variables"> & {
  readonly settings?: GatewaySettings;
}): Promise<Workerd> {
  return startWorkerd({ ...options, variables: { ...DEFAULT_SETTINGS, ...settings } });
}

/** How to reach a Worker as a client. */
export function routeTo({ url }: Workerd, clientIp = "192.0.2.1"): Route {
  return { url, headers: { "cf-connecting-ip": clientIp } };
}

/** Replaces all that a namespace holds. */
export async function fill(namespace: Namespace, values: ConfigValues): Promise<void> {
  const { keys } = await namespace.list();
  const gone = keys.filter(({ name }) => !Object.hasOwn(values, name));
  await Promise.all([
    ...gone.map(async ({ name }) => namespace.delete(name)),
    ...Object.entries(values).map(async ([key, value]) => namespace.put(key, value)),
  ]);
}
