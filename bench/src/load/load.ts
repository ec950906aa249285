import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import autocannon from "autocannon";
import { pinned } from "./pinned.ts";
import { versionOf } from "./tools.ts";

/** How a server is loaded. */
export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** How many requests a connection sends without waiting for answers; 1 unless given. */
  readonly pipelined?: number;
  /** Whether each request comes from another of 10,000 clients, by X-Forwarded-For. */
  readonly manyClients?: boolean;
  /** The core that makes the load; any unless given. */
  readonly core?: number;
}

/** What a server did under load. All requests have succeeded. */
export interface Load {
  readonly count: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What makes the load: wrk, or autocannon where wrk is not installed. */
export const LOADER = versionOf("wrk") === null ? "autocannon" : "wrk";

/**
 * Loads a server, with wrk where it is installed.
 *
 * @throws Error when any request failed.
 */
export async function load(options: LoadOptions): Promise<Load> {
  return LOADER === "wrk" ? loadWithWrk(options) : loadWithAutocannon(options);
}

async function loadWithAutocannon(options: LoadOptions): Promise<Load> {
  const { url, connections, seconds, pipelined = 1, manyClients = false } = options;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    pipelining: pipelined,
    ...(manyClients && {
      requests: clients().map((ip) => ({ headers: { "x-forwarded-for": ip } })),
    }),
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed requests`);
  const { p50, p99 } = result.latency;
  return {
    count: result.requests.total,
    requestsPerSecond: result.requests.average,
    p50,
    p99,
  };
}

async function loadWithWrk(options: LoadOptions): Promise<Load> {
  const { url, connections, seconds } = options;
  const script = join(mkdtempSync(join(tmpdir(), "edgezero-wrk-")), "requests.lua");
  writeFileSync(script, scriptOf(options));
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", script, url];
  const [command, ...rest] = pinned(options.core, "wrk", args);
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
  const output = await text(child.stdout);
  const report = /^\{.*\}$/m.exec(output)?.[0];
  if (report === undefined) throw new Error(`wrk has failed: ${output}`);
  const { requests, microseconds, errors, p50, p99 } = JSON.parse(report) as Record<string, number>;
  if (errors !== 0) throw new Error(`${url} failed ${errors} requests`);
  const count = requests ?? 0;
  return {
    count,
    requestsPerSecond: (1e6 * count) / (microseconds ?? 0),
    p50: (p50 ?? 0) / 1000,
    p99: (p99 ?? 0) / 1000,
  };
}

function scriptOf({ pipelined = 1, manyClients = false }: LoadOptions): string {
  const addresses = manyClients ? clients().map((ip) => `"${ip}"`) : ['"192.0.2.7"'];
  return `local addresses = {${addresses.join(",")}}
local requests, next = {}, 0
function init()
  for i, address in ipairs(addresses) do
    local one = wrk.format("GET", nil, {["X-Forwarded-For"] = address})
    requests[i] = string.rep(one, ${pipelined})
  end
end
function request()
  next = next % #requests + 1
  return requests[next]
end
function done(summary, latency)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  print(string.format('{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d}',
    summary.requests, summary.duration, errors, latency:percentile(50), latency:percentile(99)))
end
`;
}

/** 10,000 addresses, the same in every run. */
function clients(): string[] {
  return Array.from({ length: 10_000 }, (_, i) => `198.51.${i >>> 8}.${i & 255}`);
}
