import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { startDaemon } from "../servers/daemon.ts";
import type { Server } from "../servers/server-process.ts";
import type { Upstream } from "./upstream.ts";

const FILTERS = "type.googleapis.com/envoy.extensions.filters";

/** Envoy with the same split by a hash of the client's address, one worker. */
export async function startEnvoy(upstream: Upstream, core: number): Promise<Server> {
  const port = await freePort();
  const file = join(mkdtempSync(join(tmpdir(), "edgezero-envoy-")), "envoy.json");
  writeFileSync(file, JSON.stringify(configOf(upstream, port)));
  const args = ["-c", file, "--concurrency", "1", "--log-level", "error", "--disable-hot-restart"];
  return startDaemon(`http://127.0.0.1:${port}`, "envoy", args, core);
}

function configOf(upstream: Upstream, port: number): object {
  const manager = {
    "@type": `${FILTERS}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "split",
    // Adds the client's side of the connection to X-Forwarded-For, as the others do.
    use_remote_address: true,
    via: "edgezero-split",
    route_config: {
      virtual_hosts: [{ name: "all", domains: ["*"], routes: [splitRoute(upstream)] }],
    },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: {
          "@type": `${FILTERS}.http.router.v3.Router`,
          // Headers and counts that the others do not have.
          suppress_envoy_headers: true,
          dynamic_stats: false,
        },
      },
    ],
  };
  const filter = { name: "envoy.filters.network.http_connection_manager", typed_config: manager };
  return {
    static_resources: {
      listeners: [{ address: addressOf(port), filter_chains: [{ filters: [filter] }] }],
      clusters: [clusterOf("legacy", upstream.legacy), clusterOf("edgezero", upstream.edgezero)],
    },
  };
}

function splitRoute(upstream: Upstream): object {
  return {
    match: { prefix: "/" },
    request_headers_to_add: [{ header: { key: "x-forwarded-host", value: "%REQ(:AUTHORITY)%" } }],
    route: {
      timeout: "30s",
      hash_policy: [{ header: { header_name: "x-forwarded-for" } }],
      weighted_clusters: {
        use_hash_policy: true,
        clusters: [
          weightedCluster("edgezero", upstream.edgezero, 10),
          weightedCluster("legacy", upstream.legacy, 90),
        ],
      },
    },
  };
}

function weightedCluster(name: string, url: string, weight: number): object {
  return {
    name,
    weight,
    host_rewrite_literal: new URL(url).host,
    response_headers_to_add: [{ header: { key: "x-edgezero-path", value: name } }],
  };
}

function clusterOf(name: string, url: string): object {
  const endpoint = { endpoint: { address: addressOf(Number(new URL(url).port)) } };
  return {
    name,
    type: "STATIC",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
  };
}

function addressOf(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
