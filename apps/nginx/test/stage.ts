import { send } from "@edgezero/testbed/http-client";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import type { NginxGateway, NginxGatewayOptions } from "@edgezero/testbed/nginx/nginx-gateway";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

/** A gateway between two origins that answer with their names. */
export interface Stage {
  readonly gateway: NginxGateway;
  readonly legacy: Upstream;
  readonly edgezero: Upstream;
  /** All lines of the error log, and all events. */
  readonly lines: readonly string[];
  /** Writes the config file; the worker that answers has read it then, so one worker obeys. */
  obeyed(content: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Starts a gateway, with origins of its own. */
export async function setStage(options: Omit<NginxGatewayOptions, "origins"> = {}): Promise<Stage> {
  const legacy = await startUpstream((_, response) => void response.end("legacy"));
  const edgezero = await startUpstream((_, response) => void response.end("edgezero"));
  const lines: string[] = [];
  const origins = { legacy: legacy.url, edgezero: edgezero.url };
  const gateway = await startNginxGateway({
    origins,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return {
    gateway,
    legacy,
    edgezero,
    lines,
    async obeyed(content) {
      gateway.write(content);
      await pageOf(gateway.metrics);
    },
    async close() {
      await gateway.stop();
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}

/** The content of a config file at a percentage. */
export function enabledAt(pct: number): Record<string, string> {
  return { edgezero_enabled: "true", edgezero_rollout_pct: String(pct) };
}

/** The path that a client takes, and by which reason; the gateway must tell. */
export async function routeOf({ gateway }: Stage, clientIp?: string): Promise<unknown[]> {
  const answer = await send(gateway.url, clientIp === undefined ? {} : { clientIp });
  const said = String(answer.headers["x-edgezero-decision"]);
  return [answer.status, answer.path, /reason=([a-z-]+)/.exec(said)?.[1]];
}

/** The page of metrics, over a connection of its own: a reload closes those that wait. */
export async function pageOf(url: string): Promise<string> {
  const { status, text } = await send(url);
  if (status !== 200) throw new Error(`${url} answers ${status}`);
  return text;
}

/** The sum of a metric's samples with these labels. */
export async function total(
  { gateway }: Stage,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const samples = parseMetrics(await pageOf(gateway.metrics));
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
