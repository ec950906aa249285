import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { freePort } from "@edgezero/testbed/free-port";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { blocksOf } from "../scripts/blocks.ts";
import { runPage } from "./run-page.ts";
import type { ScratchClone } from "./scratch-clone.ts";
import { createScratchClone } from "./scratch-clone.ts";
import { openTerminal } from "./terminal.ts";

let clone: ScratchClone;

beforeAll(() => {
  clone = createScratchClone();
});

beforeEach(() => {
  // What the pages leave behind.
  for (const name of ["demo", "edgezero.config.json", "rollout.json", "clients.txt"]) {
    rmSync(join(clone.folder, name), { recursive: true, force: true });
  }
});

afterAll(() => clone.remove());

const ON_NODE = [
  "README.md",
  "packages/cli/README.md",
  "docs/start/node.md",
  "docs/use/gateway.md",
];

test.each(ON_NODE)("%s", async (page) => {
  await expect(
    runPage(clone.folder, blocksOf(page), await onFreePorts(["8787", "9001", "9002"])),
  ).resolves.toBeUndefined();
});

test("docs/use/stickiness.md", async () => {
  const path = `export PATH="${clone.folder}/node_modules/.bin:$PATH"`;
  const [first, ...rest] = blocksOf("docs/use/stickiness.md");
  expect(first?.language).toBe("sh");
  const blocks = first === undefined ? [] : [{ ...first, text: `${path}\n${first.text}` }, ...rest];
  await expect(runPage(clone.folder, blocks)).resolves.toBeUndefined();
});

test("docs/runbook.md, with a gateway of one's own", async () => {
  const settings = await onFreePorts(["8787"]);
  const gateway = await openTerminal(
    clone.folder,
    'PROBE_SECRET="the PROBE_SECRET of the gateways" EDGEZERO_CONFIG="$PWD/rollout.json" TRUST_PROXY=loopback ATTRIBUTION=detail npx pnpm@12 dev',
    "EdgeZero Rollout gateway on",
    settings.terminalEnv,
  );
  try {
    await expect(
      runPage(clone.folder, blocksOf("docs/runbook.md"), settings),
    ).resolves.toBeUndefined();
  } finally {
    await gateway.stop();
  }
});

test("docs/start/workerd.md", async () => {
  const [port, inspector] = [await freePort(), await freePort()];
  await expect(
    runPage(clone.folder, blocksOf("docs/start/workerd.md"), {
      replacements: {
        ":8787": `:${port}`,
        "--filter cloudflare dev": `--filter cloudflare dev --port ${port} --inspector-port ${inspector}`,
      },
    }),
  ).resolves.toBeUndefined();
});

test.skipIf(nginxMissing !== undefined && process.env["CI"] !== "true")(
  "docs/start/nginx.md",
  async () => {
    const settings = await onFreePorts(["8787", "9001", "9002", "9464"]);
    const config = join(clone.folder, "apps", "nginx", "conf", "try.conf");
    const text = Object.entries(settings.replacements).reduce(
      (left, [port, free]) => left.replaceAll(port, free),
      readFileSync(config, "utf8"),
    );
    writeFileSync(config, text);
    // The clone's folder is its user's alone, and nginx gives its workers another user where it is root.
    const asUser = process.getuid?.() === 0 ? "nginx -g 'user root;' -p" : "nginx -p";
    await expect(
      runPage(clone.folder, blocksOf("docs/start/nginx.md"), {
        ...settings,
        replacements: { ...settings.replacements, "nginx -p": asUser },
      }),
    ).resolves.toBeUndefined();
  },
);

const viceroy = findViceroy();
if ("missing" in viceroy && process.env["CI"] !== "true") console.log(viceroy.missing);

test.skipIf("missing" in viceroy && process.env["CI"] !== "true")(
  "docs/start/fastly.md",
  async () => {
    const port = await freePort();
    await expect(
      runPage(clone.folder, blocksOf("docs/start/fastly.md"), {
        replacements: {
          ":7676": `:${port}`,
          "--filter fastly dev": `--filter fastly dev --addr 127.0.0.1:${port}`,
        },
      }),
    ).resolves.toBeUndefined();
  },
);

/** Has a page use free ports in place of those that it names. The first is the gateway's. */
async function onFreePorts(ports: readonly string[]): Promise<{
  replacements: Record<string, string>;
  terminalEnv: Record<string, string>;
}> {
  const free = await Promise.all(ports.map(freePort));
  return {
    replacements: Object.fromEntries(ports.map((port, i) => [port, String(free[i])])),
    terminalEnv: { PORT: String(free[0]), METRICS_PORT: "0" },
  };
}
