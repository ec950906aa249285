import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "../process/start-process.ts";

/** One element of an instant vector. */
export interface Element {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

/** A Prometheus server as a process of its own. */
export interface PrometheusServer {
  readonly url: string;
  /** Evaluates PromQL now. */
  query(promQl: string): Promise<Element[]>;
  alerts(): Promise<ActiveAlert[]>;
  /** The names of the alerts and recording rules that it has loaded. */
  ruleNames(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Starts Prometheus on a free port, with its data in a folder of its own.
 *
 * @param files The texts of its files by name; `prometheus.yml` must be one of them.
 */
export async function startPrometheus(
  files: Readonly<Record<string, string>>,
): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-prometheus-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--web.listen-address=127.0.0.1:0",
  ];
  // Its threads say where it listens and that it is ready in any order.
  const listening = Promise.withResolvers<string>();
  const prometheus = await startProcess("prometheus", args, {
    cwd: folder,
    env: process.env,
    ready: /Server is ready/,
    onLine(line) {
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (address !== undefined) listening.resolve(`http://${address}`);
    },
  });
  const url = await listening.promise;

  async function get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${url}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as Reply<Data>;
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  }

  return {
    url,
    async query(promQl) {
      const { result } = await get<Vector>(`query?query=${encodeURIComponent(promQl)}`);
      return result.map(({ metric, value: [, text] }) => ({ labels: metric, value: Number(text) }));
    },
    alerts: async () => (await get<{ alerts: ActiveAlert[] }>("alerts")).alerts,
    async ruleNames() {
      const { groups } = await get<{ groups: { rules: { name: string }[] }[] }>("rules");
      return groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    },
    async close() {
      await prometheus.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Reply<Data> {
  readonly status: string;
  readonly data: Data;
  readonly error?: string;
}

interface Vector {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}
