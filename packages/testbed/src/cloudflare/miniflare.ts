import { readFile } from "node:fs/promises";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import type { OriginUrls } from "../upstream.ts";
import type { AnalyticsBinding } from "./analytics-binding.ts";
import { modulesWith } from "./analytics-binding.ts";
import { COMPATIBILITY_DATE, KV_BINDING, WORKER_BUNDLE } from "./worker-app.ts";

/** A KV namespace, as Miniflare hands it out. */
export type Namespace = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;

/** The KV binding: a real namespace, no binding, or one that counts reads and may fail. */
export type KvBinding = "real" | "missing" | "scripted";

/** Settings of {@link startWorkerd}. */
export interface WorkerdOptions {
  readonly origins: OriginUrls;
  /** Variables of the Worker, over those that it has here. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly kv: KvBinding;
  /** The replacement of the Analytics Engine binding, if there is one. */
  readonly analytics?: AnalyticsBinding;
  readonly configMaxAgeMs: number;
  /** Whether `deploy` has checked the variables, so that a wrong one came later; `false` unless given. */
  readonly wereVariablesChecked?: boolean;
  readonly onLogLine: (line: string) => void;
}

/** The Worker in workerd. */
export interface Workerd {
  readonly url: string;
  /** The real namespace behind the binding. */
  namespace(): Promise<Namespace>;
  /** Sets the answers of the scripted namespace; gives the number of reads so far. */
  script(answers: KvScript): Promise<number>;
  stop(): Promise<void>;
}

/** The answers of the scripted namespace. */
export interface KvScript {
  readonly values: Readonly<Record<string, string>>;
  /** The key whose reads fail. */
  readonly unreadable?: string;
}

const SCRIPTED_KV = `
import { WorkerEntrypoint } from "cloudflare:workers";
let script = {};
let reads = 0;
export class Namespace extends WorkerEntrypoint {
  async get(key) {
    reads++;
    if (key === script.unreadable) throw new Error("KV GET failed: 503");
    const value = script.values[key];
    return value === undefined ? null : new TextEncoder().encode(value).buffer;
  }
}
export default {
  async fetch(request) {
    script = await request.json();
    return Response.json(reads);
  },
};`;

/** Starts the built Worker in workerd. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      cf: false,
      log: new Log(LogLevel.ERROR),
      logRequests: false,
      handleStructuredLogs: ({ message }) => options.onLogLine(message),
      workers: [
        {
          name: "gateway",
          compatibilityDate: COMPATIBILITY_DATE,
          modules: modulesWith(await bundle(), options),
          bindings: {
            LOG_LEVEL: "debug",
            LEGACY_ORIGIN: options.origins.legacy,
            EDGEZERO_ORIGIN: options.origins.edgezero,
            CONFIG_MAX_AGE_MS: String(options.configMaxAgeMs),
            ...options.variables,
          },
          ...(options.analytics === "miniflare"
            ? { analyticsEngineDatasets: { EDGEZERO_EVENTS: { dataset: "edgezero_events" } } }
            : {}),
          ...(options.kv === "real" ? { kvNamespaces: { [KV_BINDING]: KV_BINDING } } : {}),
          ...(options.kv === "scripted"
            ? { serviceBindings: { [KV_BINDING]: { name: "kv", entrypoint: "Namespace" } } }
            : {}),
        },
        {
          name: "kv",
          compatibilityDate: COMPATIBILITY_DATE,
          modules: [{ type: "ESModule", path: "kv.js", contents: SCRIPTED_KV }],
        },
      ],
    }),
  );
  return {
    url: (await miniflare.ready).href,
    namespace: async () => miniflare.getKVNamespace(KV_BINDING),
    async script(answers) {
      const worker = await miniflare.getWorker("kv");
      const init = { method: "POST", body: JSON.stringify(answers) };
      return (await (await worker.fetch("http://kv/", init)).json()) as number;
    },
    stop: async () => miniflare.dispose(),
  };
}

async function bundle(): Promise<string> {
  try {
    return await readFile(WORKER_BUNDLE, "utf8");
  } catch {
    throw new Error(`${WORKER_BUNDLE} is not built: npx pnpm@12 --filter cloudflare build`);
  }
}
