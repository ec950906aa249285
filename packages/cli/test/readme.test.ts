import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@edgezero/testbed/free-port";
import { endWithThisProcess } from "@edgezero/testbed/process/end-with-this";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const JSON_PAGE = readFileSync(join(ROOT, "docs", "reference", "json.md"), "utf8");

describe("the walk-through", () => {
  const [start = "", operate = "", cleanUp = ""] = blocks(README, "sh");
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "edgezero-readme-"));
    mkdirSync(join(folder, "bin"));
    const shim = `#!/bin/sh
      [ "$1 $2" = "--yes pnpm@12" ] || exit 99
      case "$3" in
        dev) cd "${ROOT}/apps/node" && exec "${process.execPath}" src/dev.ts ;;
        edgezero-rollout) shift 3; exec "${process.execPath}" "${ROOT}/packages/cli/src/main.ts" "$@" ;;
      esac
      exit 98`;
    writeFileSync(join(folder, "bin", "npx"), shim);
    chmodSync(join(folder, "bin", "npx"), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("has the commands that `npx --yes pnpm@12` runs in the repository's root", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts).toMatchObject({
      dev: "pnpm --filter node dev",
      "edgezero-rollout": "node packages/cli/src/main.ts",
    });
  });

  // By a stand-in for npx that runs the same elsewhere, so that no file lands in the repository.
  test("runs as it is written", async () => {
    const port = await freePort();
    const here = join(folder, "root");
    mkdirSync(here);
    const env = {
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      PORT: String(port),
      HOME: folder,
    };
    const options = { cwd: here, env } as const;
    const gateway = spawn("bash", ["-c", `exec ${start}`.replace("exec EDGE", "EDGE")], {
      ...options,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    endWithThisProcess(gateway, "group");
    let said = "";
    await new Promise<void>((resolve) => {
      gateway.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(`127.0.0.1:${port}`)) resolve();
      });
    });

    const shell = spawn("bash", ["-ec", operate.replaceAll("8787", String(port))], options);
    let output = "";
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    const [code] = (await once(shell, "close")) as [number];
    // The group, since the shell may have become more than one process.
    process.kill(-(gateway.pid ?? 0), "SIGTERM");
    await once(gateway, "close");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(
      "1% → 10%: about 9 in 100 clients move to EdgeZero; nobody moves back",
    );
    expect(output).toContain("serves what is configured (signed probes, epoch edf5d6bc)");
    expect(output).toContain(
      "Rolled back, and verified: every instance seen serves legacy by the new values.",
    );
    expect(output).toMatch(/Time to zero: \d+ ms/);
    expect(output).toContain('rollback to 0 ("end of the exercise")');
    expect(output).toContain("whole: 12 entries");

    const cleaned = spawn("bash", ["-ec", cleanUp], options);
    expect(await once(cleaned, "close")).toEqual([0, null]);
    expect(existsSync(join(here, "rollout.json"))).toBe(false);
  });
});

describe("the JSON documents have the shape of the page's", () => {
  const documents = blocks(JSON_PAGE, "json")
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter((document) => "version" in document);
  let operator: Operator;
  let gateway: Gateway;

  beforeAll(async () => {
    operator = createOperator();
    gateway = await startGateway(operator.path);
    writeFileSync(join(operator.folder, "ips"), "203.0.113.7\n198.51.100.4\n");
  });
  afterAll(async () => {
    await gateway.stop();
    operator.cleanUp();
  });

  test("there is one for a failure, one for the plan, and one for each command but those that are like another", () => {
    expect(documents.map(({ command, ok }) => [command, ok])).toEqual([
      ["set", false],
      ["set", false],
      ...["status", "set", "rollback", "bucket", "simulate", "doctor", "log", "force-token"].map(
        (name) => [name, true],
      ),
    ]);
  });

  test("of success", async () => {
    const runs: [string, string][] = [
      ["set", "set 5"],
      ["set", "disable"],
      ["set", "enable --yes"],
      ["status", `status --url ${gateway.url}`],
      // On a busy machine the change may come before the first answer, which proves nothing; the fields
      // are the same.
      ["rollback", `rollback --accept-unverified --url ${gateway.url}`],
      ["bucket", "bucket 203.0.113.7"],
      ["simulate", "simulate --ips ips --pct 10"],
      ["doctor", "doctor"],
      ["log", "log"],
      ["force-token", "force-token --url https://www.example.com/"],
    ];
    const env = { FORCE_SECRET: "a secret of at least 32 characters" };
    for (const [name, args] of runs) {
      const { document } = await operator.run(`${args} --json`, env);
      const example = documents.find(({ command, ok }) => ok && command === name);
      expect
        .soft(differences(document, { ...example, command: document["command"] }), args)
        .toEqual([]);
    }
    operator.put(AT_10);
    const init = await operator.run("init --json");
    const { config, ...rest } = init.document;
    expect(config).toBe(join(operator.folder, "edgezero.config.json"));
    expect(differences(rest, documents[3])).toEqual([]);
  });

  test.each([
    ["set 200", "usage", 2],
    ["set 11 --store file:./rollout.json", "refused", 3],
    ["frobnicate", "usage", 2],
    ["status --frobnicate", "usage", 2],
    ["simulate --ips no-such-file --pct 10", "usage", 2],
    ["status --store file:./none.json", "store-unavailable", 5],
  ])("of failure: %s", async (args, name, code) => {
    const run = await operator.run(`${args} --json`);
    expect(run.code).toBe(code);
    expect(run.stderr).toBe("");
    expect(run.document).toMatchObject({ ok: false, error: { code: name, exitCode: code } });
    expect(
      differences(run.document, { ...documents[0], command: run.document["command"] }),
    ).toEqual([]);
  });

  test("of a refusal by the plan", async () => {
    const run = await operator.run("set 50 --yes --json");
    expect(run.code).toBe(3);
    expect(differences(run.document, documents[1])).toEqual([]);
  });
});

function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(
    ([, code = ""]) => code,
  );
}

/** Where two documents differ in their keys or types; `null` may stand for anything. */
function differences(actual: unknown, example: unknown, where = ""): string[] {
  if (actual === null || example === null) return [];
  if (Array.isArray(actual) && Array.isArray(example)) {
    return actual.length === 0 || example.length === 0
      ? []
      : differences(actual[0], example[0], `${where}[0]`);
  }
  if (typeof actual !== "object" || typeof example !== "object") {
    return typeof actual === typeof example ? [] : [`${where} is a ${typeof actual}`];
  }
  // The names of epochs, values and changes are data, not keys of the document.
  if (/\.(epochs|from|to|values)$/.test(where)) return [];
  const [has, due] = [Object.keys(actual), Object.keys(example)];
  return [
    ...due.filter((key) => !has.includes(key)).map((key) => `${where}.${key} is missing`),
    ...has.filter((key) => !due.includes(key)).map((key) => `${where}.${key} is not in the page`),
    ...has
      .filter((key) => due.includes(key))
      .flatMap((key) =>
        differences(
          (actual as Record<string, unknown>)[key],
          (example as Record<string, unknown>)[key],
          `${where}.${key}`,
        ),
      ),
  ];
}
