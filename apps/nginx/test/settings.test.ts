import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { examineSetting, NGINX_SETTINGS } from "@edgezero/settings";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import type { NginxSettings } from "@edgezero/testbed/nginx/nginx-gateway";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { expect, test } from "vitest";
import { startLua } from "./lua.ts";
import { enabledAt, setStage } from "./stage.ts";

/** Texts that one rule or another takes. */
const TEXTS = [
  "",
  "path",
  "detail",
  "always",
  "signed",
  "never",
  "unchanged",
  "private",
  "vary",
  "Path",
  "0",
  "1",
  "0.5",
  "1.0",
  "1.5",
  ".5",
  "0.",
  "-1",
  "1e-1",
  "00.5",
  "0.01",
  "1.00",
  "10",
  "true",
  "false",
  "TRUE",
  "off",
  "/",
  "/health",
  "/a?b",
  "/a b",
  "health",
  "/%20",
  "/~x",
  "999",
  "1000",
  "2147483647",
  "2147483648",
  "01000",
  "1000 ",
  "12345678901",
  "00000001000",
  "shop",
  "my shop",
  "a.b-c_d",
  "x".repeat(64),
  "x".repeat(65),
  "x".repeat(32),
  "x".repeat(31),
  ` ${"x".repeat(31)} `,
  ` ${"x".repeat(32)}\n`,
];

const ORIGINS = { legacy: "http://127.0.0.1:1", edgezero: "http://127.0.0.1:2" };
const SECRET = "hunter2, which is short";

/** Settings that are not valid, with what `nginx -t` must say. */
const WRONG: readonly { readonly given: NginxSettings; readonly said: string }[] = [
  {
    given: { EDGEZERO_CONFIG: "" },
    said: "EDGEZERO_CONFIG is not set: it must be the absolute path",
  },
  {
    given: { EDGEZERO_CONFIG: "rollout.json" },
    said: 'EDGEZERO_CONFIG is "rollout.json": it must be',
  },
  { given: { PATH_HEADER: "sometimes" }, said: "one of always, signed, never" },
  { given: { ATTRIBUTION: "all" }, said: 'ATTRIBUTION is "all": it must be one of path, detail' },
  { given: { SHARED_CACHES: "none" }, said: 'SHARED_CACHES is "none"' },
  {
    given: { CONFIG_MAX_AGE_MS: 999 },
    said: 'CONFIG_MAX_AGE_MS is "999": it must be a whole number from 1000',
  },
  { given: { EVENT_SAMPLE_RATE: 1.5 }, said: 'EVENT_SAMPLE_RATE is "1.5"' },
  { given: { HEALTH_PATH: "health" }, said: 'HEALTH_PATH is "health": it must be off, or a path' },
  { given: { FORCE_WHEN_DISABLED: "yes" }, said: 'FORCE_WHEN_DISABLED is "yes"' },
  { given: { SERVICE_NAME: "my shop" }, said: 'SERVICE_NAME is "my shop"' },
  { given: { PROBE_SECRET: SECRET }, said: "PROBE_SECRET is not shown: it must be at least 32" },
  { given: { FORCE_SECRET: SECRET }, said: "FORCE_SECRET is not shown: it must be at least 32" },
  { given: { PATH_HEADERS: "never" }, said: '"PATH_HEADERS" is no setting' },
];

const VALID = { PROBE_SECRET: "x".repeat(32), EVENT_SAMPLE_RATE: 0.01, HEALTH_PATH: "off" };

/** What nginx says where it cannot start. */
async function startWith(settings: NginxSettings): Promise<string> {
  const starting = startNginxGateway({ origins: ORIGINS, settings });
  return starting.then(
    async ({ stop }) => {
      await stop();
      return "it has started";
    },
    (error: unknown) => String(error),
  );
}

describeWithProgram(nginxMissing ?? null, "the settings", () => {
  test("that are valid let it start, also without a config file", async () => {
    expect(await startWith(VALID)).toBe("it has started");
  });

  test.each(WRONG)("$given stops the start, with its name", async ({ given, said }) => {
    const heard = await startWith(given);
    expect(heard).toContain(said);
    expect(heard).not.toContain(SECRET);
  });

  test("each that is wrong is named", async () => {
    const heard = await startWith({ ATTRIBUTION: "all", PATH_HEADER: "sometimes" });
    expect(heard).toContain("ATTRIBUTION is");
    expect(heard).toContain("PATH_HEADER is");
  });

  test("a reload with a wrong one is refused, and the old ones go on", async () => {
    const stage = await setStage();
    try {
      await stage.obeyed(enabledAt(100));
      const config = join(stage.gateway.folder, "nginx.conf");
      const text = readFileSync(config, "utf8");
      writeFileSync(config, text.replace("setup({", 'setup({ ATTRIBUTION = "all", '));
      stage.gateway.reload();
      await expect.poll(() => stage.lines.join("\n")).toContain('ATTRIBUTION is "all"');
      expect((await send(stage.gateway.url)).path).toBe("edgezero");
      await stage.obeyed(enabledAt(0));
      expect((await send(stage.gateway.url)).path).toBe("legacy");
    } finally {
      await stage.close();
    }
  });

  test("have the defaults and rules of the other gateways", async () => {
    const lua = await startLua();
    try {
      for (const [name, setting] of Object.entries(NGINX_SETTINGS)) {
        if (name === "EDGEZERO_CONFIG") continue;
        const texts = [...TEXTS, ...(setting.default === null ? [] : [setting.default])];
        const asked = texts.map((text) => `${name}=${text}`);
        const valid = texts.map((text) => examineSetting(setting, text).finding === null);
        expect([name, await lua.ask("setting", asked)]).toEqual([name, valid]);
      }
      const names = Object.keys(NGINX_SETTINGS);
      const defaults = Object.values(NGINX_SETTINGS).map((setting) => setting.default);
      expect(await lua.ask("default", names)).toEqual(defaults);
    } finally {
      await lua.stop();
    }
  });
});
