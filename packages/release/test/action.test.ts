import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { REPOSITORY } from "../src/published-packages.ts";

const ACTION = join(REPOSITORY, "action");
const COMMAND = join(REPOSITORY, "packages", "cli", "src", "main.ts");
const TIMEOUT_MS = 240_000;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-action-"));
  // The runner's `npx --yes edgezero-rollout@latest …`: the command is this repository's.
  const npx = `#!/bin/sh\nshift 2\nexec ${process.execPath} ${COMMAND} "$@"\n`;
  writeFileSync(join(folder, "npx"), npx);
  chmodSync(join(folder, "npx"), 0o755);
  write({ edgezero_enabled: "true", edgezero_rollout_pct: "0" }, "store.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(values: object, file: string): void {
  writeFileSync(join(folder, file), JSON.stringify(values));
}

function stored(): unknown {
  return JSON.parse(readFileSync(join(folder, "store.json"), "utf8"));
}

interface Step {
  readonly code: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

/** Runs the action's step as a runner does, with the defaults of action.yml. */
async function act(inputs: Readonly<Record<string, string>>): Promise<Step> {
  const action = parse(readFileSync(join(ACTION, "action.yml"), "utf8"));
  const step = action.runs.steps.find(({ id }: { id?: string }) => id === "rollout");
  const env: Record<string, string | undefined> = {
    PATH: `${folder}:${process.env["PATH"]}`,
    HOME: folder,
    GITHUB_ACTION_PATH: ACTION,
    GITHUB_OUTPUT: join(folder, "output"),
  };
  for (const [variable, text] of Object.entries<string>(step.env)) {
    const name = /inputs\.([\w-]+)/.exec(text)?.[1] ?? "";
    env[variable] = inputs[name] ?? action.inputs[name].default ?? "";
  }
  writeFileSync(join(folder, "output"), "");
  const { code, log } = await new Promise<Omit<Step, "outputs">>((resolve) => {
    const options = { cwd: folder, env, timeout: TIMEOUT_MS };
    execFile("bash", ["-e", "-c", step.run], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), log: stdout + stderr });
    });
  });
  const written = readFileSync(join(folder, "output"), "utf8");
  const outputs = [...written.matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(
    ([, name, , value]) => [name, value],
  );
  return { code, log, outputs: Object.fromEntries(outputs) };
}

const STORE = { store: "file:./store.json" };

test("status hands on the JSON document and its exit code", { timeout: TIMEOUT_MS }, async () => {
  const { code, outputs } = await act({ command: "status", ...STORE });
  expect({ code, ...outputs }).toMatchObject({ code: 0, "exit-code": "0", outcome: "ok" });
  expect(JSON.parse(outputs["document"] ?? "")).toMatchObject({ state: { rolloutPct: 0 } });
});

test("set moves, and rollback takes back", { timeout: TIMEOUT_MS }, async () => {
  const set = await act({ command: "set", pct: "5", message: "first $(stage)", ...STORE });
  expect(set).toMatchObject({ code: 0, outputs: { outcome: "ok" } });
  expect(stored()).toMatchObject({ edgezero_rollout_pct: "5" });
  const back = await act({ command: "rollback", ...STORE });
  expect(back).toMatchObject({ code: 7, outputs: { "exit-code": "7", outcome: "unverified" } });
  expect(stored()).toMatchObject({ edgezero_rollout_pct: "0" });
  const accepted = { command: "rollback", "accept-unverified": "true", ...STORE };
  expect(await act(accepted)).toMatchObject({ code: 0 });
});

test(
  "apply makes the store equal to a file, within the plan",
  { timeout: TIMEOUT_MS },
  async () => {
    const plan = {
      stages: [
        { pct: 1, hold: "1h" },
        { pct: 100, hold: "1h" },
      ],
    };
    const environments = { production: { store: "file:./store.json", plan } };
    write({ defaultEnvironment: "production", environments }, "edgezero.config.json");
    const apply = { command: "apply", file: "wanted.json", message: "from main" };
    write({ edgezero_enabled: "true", edgezero_rollout_pct: "1" }, "wanted.json");
    expect(await act(apply)).toMatchObject({ code: 0 });
    expect(stored()).toEqual({ edgezero_enabled: "true", edgezero_rollout_pct: "1" });
    // The hold of the first stage is not over.
    write({ edgezero_enabled: "true", edgezero_rollout_pct: "100" }, "wanted.json");
    expect(await act(apply)).toMatchObject({ code: 3, outputs: { outcome: "refused" } });
    expect(stored()).toEqual({ edgezero_enabled: "true", edgezero_rollout_pct: "1" });
    write({ edgezero_enabled: "false", edgezero_rollout_pct: "0" }, "wanted.json");
    expect(await act({ ...apply, "accept-unverified": "true" })).toMatchObject({ code: 0 });
    expect(stored()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  },
);

test.each([
  { name: "an unknown command", inputs: { command: "sett" }, said: "it must be status, set" },
  { name: "set without a percentage", inputs: { command: "set" }, said: "pct is not given" },
  { name: "apply without its file", inputs: { command: "apply", file: "x.json" }, said: "x.json" },
])("$name is an error, and nothing is run", { timeout: TIMEOUT_MS }, async ({ inputs, said }) => {
  const { code, outputs, log } = await act({ ...inputs, ...STORE });
  expect(code).toBe(2);
  expect(outputs).toMatchObject({ "exit-code": "2", outcome: "", document: "" });
  expect(log).toContain("::error::");
  expect(log).toContain(said);
  expect(stored()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("a file that is not plainly valid is no instruction", { timeout: TIMEOUT_MS }, async () => {
  write({ edgezero_enabled: true, edgezero_rollout_pct: 50 }, "wanted.json");
  const { code, log } = await act({ command: "apply", file: "wanted.json", ...STORE });
  expect(code).toBe(2);
  expect(log).toContain('edgezero_enabled must be "true" or "false"');
  expect(stored()).toMatchObject({ edgezero_rollout_pct: "0" });
});
