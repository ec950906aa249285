import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@edgezero/testbed/free-port";
import { startUpstream } from "@edgezero/testbed/upstream";
import { blocksOf } from "../scripts/blocks.ts";
import { DOCS } from "../scripts/pages.ts";
import { openTerminal } from "./terminal.ts";

const ON = { edgezero_enabled: "true", edgezero_rollout_pct: "100" };
const EXAMPLES = blocksOf("docs/use/core.md").filter(({ language }) => language === "ts");
const viceroy = findViceroy();
const isWithoutViceroy = "missing" in viceroy && process.env["CI"] !== "true";
if (isWithoutViceroy) console.log(`Fastly's example is not run. ${viceroy.missing}`);

describe("the programs of docs/use/core.md", () => {
  let folder: string;

  beforeAll(() => {
    mkdirSync(join(DOCS, ".scratch"), { recursive: true });
    // Within the documentation's package, whose dependencies they import.
    folder = mkdtempSync(join(DOCS, ".scratch", "examples-"));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(EXAMPLES)("line $line has under 30 lines", ({ text }) => {
    expect(text.split("\n").length).toBeLessThan(30);
  });

  test("on Node", async () => {
    const program = write("node.ts", exampleWith("@hono/node-server"));
    const port = await freePort();
    const variables = { PORT: String(port), EDGEZERO_ENABLED: "true", EDGEZERO_ROLLOUT_PCT: "100" };
    // Ready once it answers, which only it knows.
    const script = `${process.execPath} ${program} & until curl -sf http://127.0.0.1:${port}/health; do sleep 0.1; done; wait`;
    const running = await openTerminal(folder, script, "ok", variables);
    try {
      expect(await served(`http://127.0.0.1:${port}/`)).toEqual(["edgezero", "the new path\n"]);
    } finally {
      await running.stop();
    }
  });

  test("on workerd", async () => {
    write("worker.ts", exampleWith("cloudflare:workers"));
    const namespace = { binding: "ROLLOUT", id: "rollout" };
    const config = {
      name: "example",
      main: "worker.ts",
      compatibility_date: "2026-11-17",
      kv_namespaces: [namespace],
    };
    write("wrangler.json", JSON.stringify(config));
    const wrangler = join(DOCS, "node_modules", ".bin", "wrangler");
    for (const [key, value] of Object.entries(ON)) {
      const put = ["kv", "key", "put", "--local", "--binding", namespace.binding, key, value];
      execFileSync(wrangler, put, { cwd: folder, stdio: "pipe" });
    }
    const [port, inspector] = [await freePort(), await freePort()];
    const script = `${wrangler} dev --port ${port} --inspector-port ${inspector}`;
    const running = await openTerminal(folder, script, "Ready on", {
      // wrangler runs on the Node that this test runs on.
      PATH: process.env["PATH"] ?? "",
    });
    try {
      expect(await served(`http://127.0.0.1:${port}/`)).toEqual(["edgezero", "the new path\n"]);
    } finally {
      await running.stop();
    }
  });

  test.skipIf(isWithoutViceroy)("on Fastly's simulator", async () => {
    const origin = await startUpstream((_, response) => void response.end("the old path\n"));
    const { url } = origin;
    const service = await startViceroy({
      source: write("service.ts", exampleWith("fastly:config-store")),
      origins: { legacy: url, edgezero: url },
      hasConfigStore: true,
    });
    try {
      expect(await served(service.url)).toEqual(["legacy", "the old path\n"]);
      service.write(ON);
      expect(await served(service.url)).toEqual(["edgezero", "the new path\n"]);
    } finally {
      await service.stop();
      await origin.close();
    }
  });

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }
});

function exampleWith(module: string): string {
  const found = EXAMPLES.find(({ text }) => text.includes(`"${module}"`));
  if (found === undefined) throw new Error(`no example imports ${module}`);
  return found.text;
}

async function served(url: string): Promise<[string | null, string]> {
  const response = await fetch(url, { headers: { connection: "close" } });
  return [response.headers.get("x-edgezero-path"), await response.text()];
}
