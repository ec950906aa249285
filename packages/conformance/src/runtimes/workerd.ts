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

/** How long the Worker under load uses the values that it last read. */
const MAX_AGE_UNDER_LOAD_MS = 1000;

/**
 * The Worker in workerd, over a real KV. It reads KV for every request, so that a change applies to
 * the next one; only under load it remembers values. `CF-Connecting-IP` names the client, as on the
 * platform.
 */
export const workerd: Runtime = {
  name: "workerd",
  eventRuntime: "cloudflare",
  tellsEnding:
    "local workerd does not tell a Worker that its client went away, nor that a last byte is sent",
  tellsUpgrades: true,
  sendsClientHost: "a Worker sends another Host than its URL's only within one zone of Cloudflare",
  hearsEarlyAnswers: "workerd gives an exchange up when it cannot send all of the body",
  sendsAgain: true,
  logsOriginFaults: true,
  bodyOfGet: { "of known length": true, "in chunks": 411 },
  // The proxy in front of local workerd cannot make a URL of two hosts. workerd takes a length beside chunks
  // for none.
  takesMalformed: {
    "two Host headers": 500,
    "the same Host twice": 500,
    "an upgrade with two Host headers": 500,
    "an unknown transfer coding": 400,
    "a length beside chunks": "served",
  },
  mostHeaders: 200,
  seesMethodOfUpgrade: "the proxy in front of local workerd makes a GET without a body of it",
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
  // The bindings of a Worker are fixed while it runs, so each of these is a separate Worker.
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

/** Requests a Worker as a client. */
export function routeTo({ url }: Workerd, clientIp = "192.0.2.1"): Route {
  return { url, headers: { "cf-connecting-ip": clientIp } };
}

/** Replaces the whole content of a namespace. */
export async function fill(namespace: Namespace, values: ConfigValues): Promise<void> {
  const { keys } = await namespace.list();
  const gone = keys.filter(({ name }) => !Object.hasOwn(values, name));
  await Promise.all([
    ...gone.map(async ({ name }) => namespace.delete(name)),
    ...Object.entries(values).map(async ([key, value]) => namespace.put(key, value)),
  ]);
}
