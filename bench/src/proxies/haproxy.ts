import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { startDaemon } from "../servers/daemon.ts";
import type { Server } from "../servers/server-process.ts";
import type { Upstream } from "./upstream.ts";

/** HAProxy with the same split by a hash of the client's address, one thread. */
export async function startHaproxy(upstream: Upstream, core: number): Promise<Server> {
  const port = await freePort();
  const file = join(mkdtempSync(join(tmpdir(), "edgezero-haproxy-")), "haproxy.cfg");
  const config = `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  option http-keep-alive
  option forwardfor
  http-reuse always
  timeout connect 30s
  timeout client 65s
  timeout server 30s
frontend clients
  bind 127.0.0.1:${port}
  http-request set-var(txn.bucket) req.hdr(x-forwarded-for),xxh32,mod(100)
  use_backend edgezero if { var(txn.bucket) -m int lt 10 }
  default_backend legacy
${backend("legacy", upstream.legacy)}${backend("edgezero", upstream.edgezero)}`;
  writeFileSync(file, config);
  return startDaemon(`http://127.0.0.1:${port}`, "haproxy", ["-q", "-db", "-f", file], core);
}

function backend(name: string, url: string): string {
  return `
backend ${name}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Proto http
  http-request set-header Host ${new URL(url).host}
  http-response set-header x-edgezero-path ${name}
  server one ${new URL(url).host}
`;
}
