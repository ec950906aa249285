import type { GatewayProcess } from "./node/gateway-process.ts";

/** One line of a metrics page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The URL of a gateway's metrics, as it reports at its start; or why there are no metrics. */
export function metricsUrl(gateway: Pick<GatewayProcess, "logged">): string {
  const started = gateway.logged().find(({ msg }) => msg === "gateway started");
  return String(started?.["metrics"]);
}

/** Reads a metrics page, as text. */
export async function scrapeText(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  return response.text();
}

/** Reads a metrics page. */
export async function scrape(url: string): Promise<Sample[]> {
  return parseMetrics(await scrapeText(url));
}

/** The samples of a page in Prometheus's text format, whose label values here need no escapes. */
export function parseMetrics(page: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of page.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) throw new Error(`not a sample: ${line}`);
    const [, name = "", labels = "", value] = match;
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return samples;
}
