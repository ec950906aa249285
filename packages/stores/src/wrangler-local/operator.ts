import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreError, StoreSetupError } from "../operator-store.ts";
import { within } from "../within.ts";

const CONFIG_FILES = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"];
const BINDING = "TRUSTED_SERVER_CONFIG";
/** Loading wrangler and starting its KV takes some seconds on a busy machine. */
const OPEN_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** Keeps a byte order mark, which is part of a value, and makes it invalid. */
const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });

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
  }): Promise<{ readonly env: Readonly<Record<string, unknown>>; dispose(): Promise<void> }>;
}

/**
 * The local KV of `wrangler dev`: `wrangler-local:path/of/the/worker`, or the path of its
 * `.wrangler/state`; nothing is the current folder. `?binding=` names another binding than
 * `TRUSTED_SERVER_CONFIG`. It works whether `wrangler dev` runs or not, through the wrangler that
 * the Worker's folder has installed.
 *
 * @throws StoreError when there is no Worker with such a binding, or no wrangler.
 */
export async function openWranglerLocalStore(url: string): Promise<OperatorStore> {
  const { folder, binding } = parse(url);
  const location = `wrangler-local:${folder}`;
  const config = CONFIG_FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (config === undefined) {
    throw new StoreError(`${folder} holds no Worker: there is no ${CONFIG_FILES.join(" or ")}`);
  }
  const proxy = await within(OPEN_MS, `the local KV of ${folder}`, () => start(folder, config));
  const namespace = proxy.env[binding] as Namespace | undefined;
  if (typeof namespace?.get !== "function" || typeof namespace.put !== "function") {
    await proxy.dispose();
    throw new StoreError(`${config} binds no KV namespace as ${binding}`);
  }

  async function use<T>(action: () => Promise<T>): Promise<T> {
    return within(TIMEOUT_MS, location, async () => {
      try {
        return await action();
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw new StoreError(`${location}: ${(error as Error).message}`, { cause: error });
      }
    });
  }

  async function get(key: RolloutKey): Promise<string | null> {
    const bytes = await namespace?.get(key, "arrayBuffer");
    return bytes === null || bytes === undefined ? null : UTF_8.decode(bytes);
  }

  async function write(changes: Changes): Promise<void> {
    await use(async () => {
      await writeOneByOne(changes, async (key, value) => namespace?.put(key, value));
    });
  }

  return {
    location,
    propagation:
      "at once, after what the Worker remembers, 5 seconds unless CONFIG_MAX_AGE_MS is set",
    read: async () =>
      use(async () => ({
        [EDGEZERO_ENABLED_KEY]: await get(EDGEZERO_ENABLED_KEY),
        [EDGEZERO_ROLLOUT_PCT_KEY]: await get(EDGEZERO_ROLLOUT_PCT_KEY),
      })),
    coordination: null,
    write,
    overwrite: write,
    close: async () => use(async () => proxy.dispose()),
  };
}

async function start(folder: string, config: string): ReturnType<Wrangler["getPlatformProxy"]> {
  const wrangler = await loadWrangler(folder);
  try {
    return await wrangler.getPlatformProxy({
      configPath: config,
      persist: { path: join(folder, ".wrangler", "state", "v3") },
      remoteBindings: false,
      envFiles: [],
    });
  } catch (error) {
    throw new StoreError(
      `the local KV of ${folder} cannot be opened: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
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

function parse(url: string): { readonly folder: string; readonly binding: string } {
  const { path = "", query } =
    /^wrangler-local:(?:\/\/)?(?<path>[^?#]*)(?:\?binding=(?<query>\w+))?$/.exec(url)?.groups ?? {};
  if (!/^wrangler-local:[^?#]*(\?binding=\w+)?$/.test(url)) {
    throw new StoreSetupError(
      "a local KV's URL must be wrangler-local:folder, with no parameter but binding",
    );
  }
  const folder = resolve(path);
  const state = join(sep, ".wrangler", "state");
  const isState = folder.endsWith(state);
  return { folder: isState ? folder.slice(0, -state.length) : folder, binding: query ?? BINDING };
}
