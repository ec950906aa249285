import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { startDaemon } from "../servers/daemon.ts";
import type { Server } from "../servers/server-process.ts";
import type { Upstream } from "./upstream.ts";
import { nginxConfig } from "./upstream.ts";

/**
 * nginx with `split_clients`, one worker: the client's address from a trusted X-Forwarded-For, and
 * the same headers towards origin and client as the gateway's.
 */
export async function startNginx(upstream: Upstream, core: number): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-nginx-"));
  const port = await freePort();
  const config = `
  split_clients $http_x_forwarded_for $path_name { 10% edgezero; * legacy; }
  ${pool("legacy", upstream.legacy)}${pool("edgezero", upstream.edgezero)}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://$path_name;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $proxy_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Via "1.1 edgezero-split";
      add_header x-edgezero-path $path_name always;
    }
  }`;
  const args = ["-p", folder, "-c", nginxConfig(folder, config)];
  return startDaemon(`http://127.0.0.1:${port}`, "nginx", args, core);
}

function pool(name: string, url: string): string {
  return `
  upstream ${name} {
    server ${new URL(url).host};
    keepalive 64;
    keepalive_requests 1000000000;
  }`;
}
