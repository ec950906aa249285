import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FakeApi } from "./fake-api.ts";
import { startFakeApi } from "./fake-api.ts";

const APP = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(APP, "node_modules", ".bin", "fastly");
const PACKAGE = join("pkg", "edgezero-rollout.tar.gz");

let folder: string;
let api: FakeApi;

/** Fastly's own CLI, in a copy of what a deploy takes, with nothing of this machine's accounts. */
async function fastly(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(CLI, args, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      FASTLY_API_TOKEN: "token",
      FASTLY_API_ENDPOINT: api.url,
      FASTLY_ACCOUNT_ENDPOINT: api.url,
    },
  });
  return stdout + stderr;
}

beforeAll(async () => {
  api = await startFakeApi();
  folder = mkdtempSync(join(tmpdir(), "edgezero-fastly-"));
  mkdirSync(join(folder, "bin"));
  for (const name of ["fastly.toml", "bin/main.wasm"]) {
    copyFileSync(join(APP, name), join(folder, name));
  }
  await fastly("compute", "pack", "--wasm-binary", "bin/main.wasm", "--non-interactive");
}, 60_000);

afterAll(() => {
  api.close();
  rmSync(folder, { recursive: true });
});

test("the package and its manifest are valid, by Fastly's own CLI", async () => {
  expect(await fastly("compute", "validate", "--package", PACKAGE)).toContain("Validated package");
});

const VERSION = "/service/SERVICE/version/1";

const backendMade = (name: string, host: string): string =>
  `POST ${VERSION}/backend address=${host}&name=${name}&override_host=${host}&port=443&ssl_cert_hostname=${host}&ssl_sni_hostname=${host}`;
const itemMade = (key: string, value: string): string =>
  `PUT /resources/stores/config/CONFIG/item/${key} Key=${key}&StoreID=CONFIG&Upsert=true&item_value=${value}`;

test("the first deploy makes and links all that the service needs", async () => {
  api.requests.length = 0;
  const args = ["--non-interactive", "--status-check-off", "--package", PACKAGE];
  expect(await fastly("compute", "deploy", ...args)).toContain("Deployed package");
  const made = api.requests.filter((line) => !/^GET |\/domain name=/.test(line));
  const due = [
    "POST /service name=edgezero-rollout&type=wasm",
    backendMade("legacy_origin", "legacy.example.com"),
    backendMade("edgezero_origin", "edgezero.example.com"),
    "POST /resources/stores/config name=trusted_server_config",
    itemMade("edgezero_enabled", "false"),
    itemMade("edgezero_rollout_pct", "0"),
    `POST ${VERSION}/resource name=trusted_server_config&resource_id=CONFIG`,
    "POST /resources/stores/secret",
    `POST ${VERSION}/resource name=edgezero_secrets&resource_id=SECRET`,
    `PUT ${VERSION}/package`,
    `PUT ${VERSION}/activate`,
  ];
  // The CLI takes the tables of a kind in any order.
  expect(made.toSorted()).toEqual(due.toSorted());
  expect(made.at(-1)).toBe(due.at(-1));
  expect(readFileSync(join(folder, "fastly.toml"), "utf8")).toContain('service_id = "SERVICE"');
}, 60_000);

test("a later deploy uploads the program alone, and reads nothing of [setup]", async () => {
  api.requests.length = 0;
  const args = ["--non-interactive", "--status-check-off", "--package", PACKAGE];
  expect(await fastly("compute", "deploy", ...args)).toContain("happens only for a new service");
  const version = "/service/SERVICE/version";
  expect(api.requests.filter((line) => !line.startsWith("GET "))).toEqual([
    `PUT ${version}/1/clone`,
    `PUT ${version}/2/package`,
    `PUT ${version}/2/activate`,
  ]);
}, 60_000);
