import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the nearest file in the folder and those above counts", async () => {
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  writeFileSync(join(folder, "edgezero.config.json"), "{");
  const path = join(folder, "a", "edgezero.config.json");
  writeFileSync(path, '{"plan": [{"pct": 5, "hold": "1h"}]}');
  expect(await loadConfig({}, join(folder, "a", "b"))).toEqual({
    path,
    folder: join(folder, "a"),
    config: { plan: [{ pct: 5, hold: "1h" }] },
  });
});

describe("a file that is not valid is refused by the place of each fault", () => {
  test.each([
    { text: "5", message: "the whole:" },
    {
      text: '{"plan": []}',
      message: "plan: a list of 0 is not allowed (allowed: a list of 1 to 100)",
    },
    {
      text: '{"plan": [{"pct": 5, "hold": "soon"}]}',
      message: 'plan.0.hold: "soon" is not allowed (allowed: a duration such as 90s, 30m',
    },
    {
      text: '{"environments": {"a": {"store": "file:a", "plan": [{"pct": 0, "hold": "1h"}]}}}',
      message:
        "environments.a.plan.0.pct: 0 is not allowed (allowed: a whole number from 1 to 100)",
    },
    {
      text: '{"plan": {"stages": [{"pct": 5, "hold": "1h"}], "signals": {"errors": {"kind": "rate", "margin": {"points": 0.1}}}}}',
      message: "plan.signals.errors.breach: breach is missing (allowed: rollback or hold)",
    },
    {
      text: '{"plan": {"stages": [{"pct": 5, "hold": "1h"}], "advanced": "proven"}}',
      message: "plan.advanced: no such field; did you mean advance?",
    },
    { text: '{"environments": {"a": {}}}', message: "environments.a.store:" },
    {
      text: '{"environments": {"a": {"store": "file:a", "urls": ["ftp://x"]}}}',
      message: "environments.a.urls.0: an http or https URL",
    },
    {
      text: '{"environments": {"a": {"store": "file:a", "instances": 0}}}',
      message: "environments.a.instances: a whole number from 1 to 1000",
    },
    {
      text: '{"environments": {"a": {"store": "fastly://a", "instances": 4}}}',
      message: "environments.a.instances: not for a Cloudflare or Fastly store",
    },
    {
      text: '{"environments": {"a": {"store": "file:a", "probe": {"secretEnv": "a b"}}}}',
      message: "environments.a.probe.secretEnv: the name of an environment variable",
    },
    { text: "{", message: "cannot be loaded" },
  ])("$text", async ({ text, message }) => {
    const path = join(folder, "edgezero.config.json");
    writeFileSync(path, text);
    const loading = loadConfig({ config: path }, folder);
    await expect(loading).rejects.toThrow(ConfigError);
    await expect(loading).rejects.toThrow(message);
  });
});

test("a module gives its default export, whatever else it does", async () => {
  const path = join(folder, "edgezero.config.ts");
  writeFileSync(path, "console.log('hello'); export default { defaultEnvironment: undefined };");
  expect((await loadConfig({ config: path }, folder))?.config).toEqual({
    defaultEnvironment: undefined,
  });
});
