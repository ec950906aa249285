import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import type { ReadyProcess } from "../process/start-process.ts";
import { startProcess } from "../process/start-process.ts";

/** The folder of the gateway for nginx. */
export const NGINX_APP: string = fileURLToPath(new URL("../../../../apps/nginx/", import.meta.url));

const MODULES = "/usr/lib/nginx/modules";
const LUA = "ngx_http_lua_module.so";

/** Why nginx with Lua cannot run on this machine, and how to change that; `undefined` where it can. */
export const nginxMissing: string | undefined = existsSync(join(MODULES, LUA))
  ? undefined
  : "nginx has no Lua: apt-get install libnginx-mod-http-lua";

/** A running nginx of one config. */
export interface Nginx extends ReadyProcess {
  readonly url: string;
  readonly port: number;
  /** A folder of its own, which is removed at the end. */
  readonly folder: string;
  /** Makes it read its config again, as `nginx -s reload` does. */
  reload(): void;
}

/** The parts of a config. */
export interface NginxConfig {
  /** The content of `http {}`, by a folder of its own and a free port of 127.0.0.1. */
  readonly http: (folder: string, port: number) => string;
  /** How many processes serve; 1 unless given. */
  readonly workers?: number;
  /** The level of the error log, which must show `notice`; `notice` unless given. */
  readonly logLevel?: "notice" | "info" | "debug";
}

/** Writes a config for nginx in the foreground, and gives its path. */
export function writeNginxConfig(
  folder: string,
  http: string,
  { workers = 1, logLevel = "notice" }: Omit<NginxConfig, "http"> = {},
): string {
  const file = join(folder, "nginx.conf");
  // The folder of a test is its user's alone.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const text = `daemon off;
${user}
worker_processes ${workers};
load_module ${MODULES}/ndk_http_module.so;
load_module ${MODULES}/${LUA};
pid ${folder}/nginx.pid;
error_log stderr ${logLevel};
events { worker_connections 8192; }
http {
  access_log off;
  default_type text/plain;
  lua_package_path "${NGINX_APP}lua/?.lua;${NGINX_APP}lua/?/init.lua;;";
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

/** Starts nginx with its Lua module. Rejects with its output when it cannot start. */
export async function startNginx(
  { http, ...options }: NginxConfig,
  onLine: (line: string) => void = () => {},
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-nginx-"));
  const port = await freePort();
  const config = writeNginxConfig(folder, http(folder, port), options);
  // Node gives a child sockets, which cannot be opened as /dev/stdout.
  const command = 'exec nginx -p "$1" -c "$2" > >(exec cat)';
  const child = await startProcess("bash", ["-c", command, "bash", folder, config], {
    env: process.env,
    // Its workers would outlive it, were it killed alone.
    detached: true,
    ready: /start worker process \d+/,
    onLine,
  });
  return {
    ...child,
    url: `http://127.0.0.1:${port}`,
    port,
    folder,
    reload: () => void child.process.kill("SIGHUP"),
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
