import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { writeNginxConfig } from "@edgezero/testbed/nginx/nginx";
import { httpConfig } from "@edgezero/testbed/nginx/nginx-gateway";
import { startDaemon } from "../servers/daemon.ts";
import type { Server } from "../servers/server-process.ts";
import type { Upstream } from "./upstream.ts";

/** The limits of {@link nginxConfig}, so that both reuse connections alike. */
const LIMITS = `
  keepalive_requests 1000000000;
  keepalive_timeout 65s;`;

/**
 * This gateway on nginx, one worker: with the path header and its metrics, and the client's address
 * from a trusted X-Forwarded-For.
 */
export async function startNginxRollout(upstream: Upstream, core: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-nginx-lua-"));
  const port = await freePort();
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
  writeFileSync(join(folder, "rollout.json"), JSON.stringify(values));
  const http = httpConfig(folder, port, {
    origins: upstream,
    server: "set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;",
  }).replaceAll("keepalive 64;", "keepalive 64; keepalive_requests 1000000000;");
  const config = writeNginxConfig(folder, LIMITS + http);
  return startDaemon(`http://127.0.0.1:${port}`, "nginx", ["-p", folder, "-c", config], core);
}
