import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

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
  const child = spawn("prometheus", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const exit = once(child, "exit");
  const url = await listeningUrl(child.stderr, exit);

  async function get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${url}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as Reply<Data>;
    if (status !== "success") throw new Error(`${path}: ${error}`);
    return data;
  }

  return {
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
      child.kill();
      await exit;
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

/** The URL that it says to listen on; rejects when it ends before it is ready. */
async function listeningUrl(
  stderr: NodeJS.ReadableStream,
  exit: Promise<unknown>,
): Promise<string> {
  const said: string[] = [];
  let url: string | undefined;
  return new Promise((resolve, reject) => {
    createInterface({ input: stderr }).on("line", (line) => {
      said.push(line);
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (address !== undefined) url = `http://${address}`;
      if (url !== undefined && line.includes("Server is ready")) resolve(url);
    });
    void exit.then(() => reject(new Error(`prometheus ended:\n${said.join("\n")}`)));
  });
}
