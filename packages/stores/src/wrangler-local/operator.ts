import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EDGEZERO_ENABLED_KEY as FLAG, EDGEZERO_ROLLOUT_PCT_KEY as PCT } from "@edgezero/rollout";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreError, StoreSetupError } from "../operator-store.ts";
import { valueText } from "../cloudflare/value-text.ts";
import { WRANGLER_LOCAL } from "./kind.ts";
import { parseWranglerUrl } from "./location.ts";

const CONFIG_FILES = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"];
/** Loading wrangler and starting its KV takes some seconds on a busy machine. */
const OPEN_MS = 60_000;
const TIMEOUT_MS = 10_000;

interface Namespace {
  get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  put(key: string, value: string): Promise<void>;
}

/** The part of wrangler that is used here, in the version that the Worker's folder has. */
interface Wrangler {
  getPlatformProxy(options: {
    readonly configPath: string;
    readonly persist: { readonly path: string };
    readonly remoteBindings: false;
    readonly envFiles: readonly string[];
  }): Promise<Proxy>;
}

/** The bindings of a Worker, through a runtime that ends with `dispose`. */
interface Proxy {
  readonly env: Readonly<Record<string, unknown>>;
  dispose(): Promise<void>;
}

/**
 * The local KV of `wrangler dev`: `wrangler-local:path/of/the/worker`, or the path of its
 * `.wrangler/state`; no path is the current folder. `?binding=` names another binding than
 * `TRUSTED_SERVER_CONFIG`. It works whether `wrangler dev` runs or not, through the wrangler that
 * the Worker's folder has installed.
 *
 * @throws StoreError when there is no Worker with such a binding, or no wrangler.
 */
export async function openStore(url: string): Promise<OperatorStore> {
  const place = parseWranglerUrl(url);
  if (place === null) {
    throw new StoreSetupError(
      "a local KV's URL must be wrangler-local:folder, with no parameter but binding",
    );
  }
  const { folder, binding, shown: location } = place;
  const config = CONFIG_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (config === undefined) {
    throw new StoreError(`${folder} holds no Worker: there is no ${CONFIG_FILES.join(" or ")}`);
  }
  const proxy = await start(folder, config);
  const namespace = proxy.env[binding] as Namespace | undefined;
  if (typeof namespace?.get !== "function" || typeof namespace.put !== "function") {
    await proxy.dispose();
    throw new StoreError(`${config} binds no KV namespace as ${binding}`);
  }

  async function use<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(TIMEOUT_MS, action);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError(`${location}: ${messageOf(error)}`, { cause: error });
    }
  }

  async function get(key: RolloutKey): Promise<string | null> {
    const bytes = await namespace?.get(key, "arrayBuffer");
    return bytes === null || bytes === undefined ? null : valueText(bytes);
  }

  async function write(changes: Changes): Promise<void> {
    await use(async () => {
      await writeOneByOne(changes, async (key, value) => namespace?.put(key, value));
    });
  }

  return {
    location,
    propagation: WRANGLER_LOCAL.propagation.text,
    propagationMs: WRANGLER_LOCAL.propagation.ms,
    read: async () =>
      // One after the other: the local KV's database may be busy with another process.
      use(async () => ({ [FLAG]: await get(FLAG), [PCT]: await get(PCT) })),
    coordination: null,
    write,
    overwrite: write,
    close: async () => use(async () => proxy.dispose()),
  };
}

async function start(folder: string, config: string): Promise<Proxy> {
  const what = `the local KV of ${folder}`;
  const opening = async (): Promise<Proxy> => {
    const wrangler = await loadWrangler(folder);
    return wrangler.getPlatformProxy({
      configPath: config,
      persist: { path: join(folder, ".wrangler", "state", "v3") },
      remoteBindings: false,
      envFiles: [],
    });
  };
  try {
    return await withDeadline(OPEN_MS, opening);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${what} cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}

async function loadWrangler(folder: string): Promise<Wrangler> {
  let path: string;
  try {
    path = createRequire(join(folder, "package.json")).resolve("wrangler");
  } catch (error) {
    throw new StoreError(`wrangler is not installed for ${folder}`, { cause: error });
  }
  return (await import(pathToFileURL(path).href)) as Wrangler;
}
