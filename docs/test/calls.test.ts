import { beforeAll, describe, expect, test } from "vitest";
import { askingCalls } from "../scripts/checks/npx.ts";
import { pnpmCommands, pnpmFinding } from "../scripts/checks/pnpm.ts";
import { vendorFinding } from "../scripts/checks/vendor-calls.ts";

describe("a call of pnpm", () => {
  let own: ReadonlySet<string>;
  beforeAll(() => {
    own = pnpmCommands();
  });

  test.each([
    ["npx pnpm@12 --filter cloudflare deploy", "of its own"],
    ["npx pnpm@12 --filter=fastly deploy --non-interactive", "of its own"],
    ["pnpm -C apps/cloudflare deploy", "of its own"],
    ["cd apps/fastly && pnpm deploy", "of its own"],
    ["npx pnpm@12 --filter cloudflare run deplyo", "has no script deplyo"],
  ])("is refused: %s", (line, why) => {
    expect(pnpmFinding(line, own)).toContain(why);
  });

  test.each([
    "npx pnpm@12 --filter cloudflare run deploy",
    "npx pnpm@12 --filter fastly exec fastly compute publish",
    "npx pnpm@12 test --filter @edgezero/stores",
    "npx pnpm@12 --filter edgezero-rollout pack",
    "npx pnpm@12 dev",
    'export PATH="$PWD/node_modules/.bin:$PATH"',
  ])("is as it should be: %s", (line) => {
    expect(pnpmFinding(line, own)).toBeNull();
  });

  test("the other names of commands count too", () => {
    for (const name of ["deploy", "publish", "i", "ls", "set"]) expect(own).toContain(name);
    expect(own.size).toBeGreaterThan(50);
  });
});

describe("a call of npx", () => {
  test.each(["npx pnpm@12 dev", "A=b npx pnpm@12.1 --yes", "npx --silent wrangler@4 --version"])(
    "asks on a first run: %s",
    (line) => {
      expect(askingCalls(`| \`${line}\` |`)).toHaveLength(1);
    },
  );

  test.each(["npx --yes pnpm@12 dev", "npx -y --silent pnpm@12 dev", "npx edgezero-rollout log"])(
    "asks nothing: %s",
    (line) => {
      expect(askingCalls(line)).toEqual([]);
    },
  );
});

describe("a call of a platform's command line", () => {
  test.each([
    ["exec wrangler kv namespace craete edgezero-rollout", "has no command"],
    ["exec wrangler kv namespace create x --titel y", "has no option --titel"],
    ["fastly config-store-entry creat --key a", "has no command"],
    ["fastly config-store-entry create --key a --value b", "needs --store-id"],
    ["fastly secret-store-entry create --store-id a --name b --stdn", "has no option --stdn"],
  ])("is refused: %s", async (line, why) => {
    expect(await vendorFinding(line)).toContain(why);
  });

  test.each([
    "npx pnpm@12 --filter cloudflare exec wrangler secret put PROBE_SECRET",
    'fastly service resource-link create --version latest --resource-id "$ID"',
    "fastly compute publish",
    "wrangler dev is run by this",
  ])("is as it should be: %s", async (line) => {
    expect(await vendorFinding(line)).toBeNull();
  });
});
