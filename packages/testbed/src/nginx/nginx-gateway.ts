import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OriginUrls } from "../upstream.ts";
import type { Nginx } from "./nginx.ts";
import { NGINX_APP, startNginx } from "./nginx.ts";

/** The rollout's settings, as `setup` takes them. */
export type NginxSettings = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a test sets up, beside the two origins. */
export interface NginxGatewayOptions {
  readonly origins: OriginUrls;
  readonly settings?: NginxSettings;
  readonly workers?: number;
  /** How long an origin may take, in milliseconds; 30000 unless given. */
  readonly timeoutMs?: number;
  /** More directives of the server, such as `set_real_ip_from 127.0.0.1;`. */
  readonly server?: string;
  /** More Lua before `setup`. */
  readonly beforeSetup?: string;
  /** More Lua after it. */
  readonly afterSetup?: string;
  /** Gets each line of the error log, and each event. */
  readonly onLine?: (line: string) => void;
}

/** A gateway on nginx, with a config file of its own. */
export interface NginxGateway extends Nginx {
  /** The URL of its metrics. */
  readonly metrics: string;
  /** The path of its config file. */
  readonly config: string;
  /** Replaces the config file by rename; an object is written as JSON. `null` removes it. */
  write(content: unknown): void;
}

/** Starts the gateway as its example does, on free ports of 127.0.0.1. */
export async function startNginxGateway(options: NginxGatewayOptions): Promise<NginxGateway> {
  const nginx = await startNginx(
    {
      workers: options.workers ?? 1,
      http: (folder, port) => httpConfig(folder, port, options),
    },
    options.onLine,
  );
  const config = join(nginx.folder, "rollout.json");
  return {
    ...nginx,
    metrics: `${nginx.url}/metrics`,
    config,
    write(content) {
      if (content === null) return rmSync(config, { force: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(`${config}.new`, text);
      renameSync(`${config}.new`, config);
    },
  };
}

/** The content of `http {}` of a gateway. */
export function httpConfig(
  folder: string,
  port: number,
  {
    origins,
    settings = {},
    timeoutMs = 30_000,
    server = "",
    beforeSetup = "",
    afterSetup = "",
  }: NginxGatewayOptions,
): string {
  const given = { EDGEZERO_CONFIG: join(folder, "rollout.json"), ...settings };
  return `
  ${part("http")}
  init_by_lua_block {
    ${beforeSetup}
    require("edgezero").setup(${luaTable(given)})
    ${afterSetup}
  }
  map $edgezero_path $edgezero_origin {
    default http://legacy;
    edgezero http://edgezero;
  }
  map $edgezero_path $edgezero_origin_host {
    default ${new URL(origins.legacy).host};
    edgezero ${new URL(origins.edgezero).host};
  }
  upstream legacy { server ${new URL(origins.legacy).host}; keepalive 64; }
  upstream edgezero { server ${new URL(origins.edgezero).host}; keepalive 64; }
  server {
    # Each worker has a queue of its own, so that all take clients.
    listen 127.0.0.1:${port} reuseport;
    client_max_body_size 0;
    access_log /dev/stdout edgezero if=$edgezero_event;
    ${server}
    location / {
      ${part("location")}
      proxy_pass $edgezero_origin;
      proxy_connect_timeout ${timeoutMs}ms;
      proxy_read_timeout ${timeoutMs}ms;
      proxy_send_timeout ${timeoutMs}ms;
    }
    location = /metrics { content_by_lua_block { require("edgezero").metrics() } }
  }`;
}

/** A file that sites include. */
function part(name: string): string {
  return `include ${join(NGINX_APP, "conf", `${name}.conf`)};`;
}

function luaTable(settings: NginxSettings): string {
  const members = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} = ${typeof value === "string" ? luaString(value) : value}`);
  return `{ ${members.join(", ")} }`;
}

/** A text as Lua writes it, which is as JSON does for the texts of tests. */
function luaString(text: string): string {
  return JSON.stringify(text);
}
