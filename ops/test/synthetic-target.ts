import type { AddressInfo } from "node:net";
import { createServer } from "node:http";

/** What a gateway has counted: requests of each path, and how many of them failed. */
export interface Counted {
  readonly pct: number;
  readonly legacy: readonly [all: number, failed: number];
  readonly edgezero: readonly [all: number, failed: number];
}

/** A server of metrics pages as gateways have them, of which a test says what they counted. */
export interface SyntheticTarget {
  readonly host: string;
  /** The page at `/<name>`; one of a gateway that has seen no request until it is set. */
  set(name: string, counted: Counted): void;
  close(): Promise<void>;
}

const NOTHING: Counted = { pct: 10, legacy: [0, 0], edgezero: [0, 0] };

/** Starts the server on a free port. */
export async function startSyntheticTarget(): Promise<SyntheticTarget> {
  const pages = new Map<string, Counted>();
  const server = createServer(({ url = "/" }, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(pageOf(pages.get(url.slice(1)) ?? NOTHING));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (name, counted) => void pages.set(name, counted),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pageOf(counted: Counted): string {
  const lines = [
    `edgezero_rollout_pct ${counted.pct}`,
    "edgezero_enabled 1",
    "edgezero_config_epoch 7",
    "edgezero_config_age_seconds 0.1",
  ];
  for (const path of ["legacy", "edgezero"] as const) {
    const [all, failed] = counted[path];
    const labels = `path="${path}",reason="bucket",excluded="no"`;
    lines.push(
      `edgezero_requests_total{${labels},status_class="2xx",outcome="ok"} ${all - failed}`,
      `edgezero_requests_total{${labels},status_class="5xx",outcome="error"} ${failed}`,
    );
    for (const le of ["0.1", "+Inf"]) {
      const timed = `path="${path}",evidence="true",le="${le}"`;
      lines.push(`edgezero_request_duration_seconds_bucket{${timed}} ${all}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
