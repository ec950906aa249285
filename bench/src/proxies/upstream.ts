import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { startDaemon } from "../servers/daemon.ts";
import type { Server } from "../servers/server-process.ts";

/** The two origins, in one nginx of one worker. */
export interface Upstream extends Server {
  readonly legacy: string;
  readonly edgezero: string;
}

/** Starts the origins: each answers 1 KiB, its own name first. */
export async function startUpstream(core: number): Promise<Upstream> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-upstream-"));
  const [legacy, edgezero] = [await freePort(), await freePort()];
  const config = nginxConfig(folder, server(legacy, "legacy") + server(edgezero, "edgezero"));
  const url = `http://127.0.0.1:${legacy}`;
  const started = await startDaemon(url, "nginx", ["-p", folder, "-c", config], core);
  return { ...started, legacy: url, edgezero: `http://127.0.0.1:${edgezero}` };
}

/** Writes a config for nginx in the foreground with one worker, and gives its path. */
export function nginxConfig(folder: string, http: string): string {
  const file = join(folder, "nginx.conf");
  const text = `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  default_type text/plain;
  keepalive_requests 1000000000;
  keepalive_timeout 65s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${http}
}
`;
  writeFileSync(file, text);
  return file;
}

function server(port: number, name: string): string {
  return `
  server {
    listen 127.0.0.1:${port} reuseport;
    location / { return 200 "${name.padEnd(1023, ".")}\\n"; }
  }`;
}
