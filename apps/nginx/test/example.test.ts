import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { freePort } from "@edgezero/testbed/free-port";
import { send } from "@edgezero/testbed/http-client";
import { NGINX_APP, nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { startUpstream } from "@edgezero/testbed/upstream";
import { expect, test } from "vitest";

describeWithProgram(nginxMissing ?? null, "the config to start from", () => {
  test("serves both origins, and its metrics, with nothing changed but paths and ports", async () => {
    const folder = mkdtempSync(join(tmpdir(), "edgezero-example-"));
    const [port, metrics] = [await freePort(), await freePort()];
    const hosts: string[] = [];
    const origin = async (name: string) =>
      startUpstream((request, response) => {
        hosts.push(request.headers.host ?? "");
        response.end(name);
      });
    const [legacy, edgezero] = [await origin("legacy"), await origin("edgezero")];
    const config = join(folder, "rollout.json");
    writeFileSync(config, '{"edgezero_enabled": "true", "edgezero_rollout_pct": "0"}');
    const changes: readonly (readonly [string, string])[] = [
      ["user www-data;", process.getuid?.() === 0 ? "user root;" : ""],
      ["pid /run/nginx.pid;", `pid ${folder}/nginx.pid;`],
      ["error_log /var/log/nginx/error.log warn;", "error_log stderr notice;"],
      [
        "include /etc/nginx/modules-enabled/*.conf;",
        "load_module /usr/lib/nginx/modules/ndk_http_module.so; load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;",
      ],
      [
        "include edgezero/http.conf;",
        `lua_package_path "${NGINX_APP}lua/?.lua;${NGINX_APP}lua/?/init.lua;;";
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  include ${NGINX_APP}conf/http.conf;`,
      ],
      ["include edgezero/location.conf;", `include ${NGINX_APP}conf/location.conf;`],
      ["/etc/edgezero/rollout.json", config],
      ["legacy.example.internal:8080", new URL(legacy.url).host],
      ["edgezero.example.internal:8080", new URL(edgezero.url).host],
      ["listen 80 ", `listen 127.0.0.1:${port} `],
      ["127.0.0.1:9464", `127.0.0.1:${metrics}`],
    ];
    const example = readFileSync(join(NGINX_APP, "conf", "nginx.conf"), "utf8");
    const text = changes.reduce((left, [from, to]) => {
      expect(left).toContain(from);
      return left.replaceAll(from, to);
    }, example);
    const file = join(folder, "nginx.conf");
    writeFileSync(file, text);
    const nginx = await startProcess("nginx", ["-g", "daemon off;", "-p", folder, "-c", file], {
      env: process.env,
      ready: /start worker process \d+/,
    });
    try {
      const url = `http://127.0.0.1:${port}/`;
      expect(await send(url)).toMatchObject({ status: 200, path: "legacy", text: "legacy" });
      writeFileSync(config, '{"edgezero_enabled": "true", "edgezero_rollout_pct": "100"}');
      await expect.poll(async () => (await send(url)).text).toBe("edgezero");
      expect(new Set(hosts)).toEqual(
        new Set([legacy, edgezero].map((each) => new URL(each.url).host)),
      );
      expect((await send(`http://127.0.0.1:${metrics}/metrics`)).text).toContain(
        "edgezero_rollout_pct 100",
      );
      expect((await send(`${url}health`)).text).toBe("ok");
    } finally {
      await nginx.stop();
      await Promise.all([legacy.close(), edgezero.close()]);
      rmSync(folder, { recursive: true });
    }
  });
});
