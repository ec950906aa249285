import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Block } from "../scripts/blocks.ts";
import { matchesOutput } from "./match-output.ts";
import { readerEnv } from "./scratch-clone.ts";
import type { Terminal } from "./terminal.ts";
import { openTerminal } from "./terminal.ts";

/** How a page is run where that differs from what it says. */
export interface PageSettings {
  /** Texts of the page that are others here, such as ports that are taken. */
  readonly replacements?: Readonly<Record<string, string>>;
  /** Variables of the terminals in which something keeps running. */
  readonly terminalEnv?: Readonly<Record<string, string>>;
}

const UNTIL_MS = 60_000;

/**
 * Runs the shell blocks of a page in order, as a reader does: each with `set -euo pipefail`, in one
 * shell whose folder and exported variables carry over. Output that the page shows is compared.
 */
export async function runPage(
  folder: string,
  blocks: readonly Block[],
  { replacements = {}, terminalEnv = {} }: PageSettings = {},
): Promise<void> {
  const terminals = new Map<string, Terminal>();
  const state = mkdtempSync(join(tmpdir(), "edgezero-shell-"));
  writeFileSync(join(state, "cwd"), folder);
  let output = "";
  let laterMs = 0;
  try {
    for (const block of blocks) {
      const { language, directives, document, line } = block;
      const where = `${document}:${line}`;
      if (directives.stop !== undefined) {
        await terminals.get(directives.stop)?.stop();
        terminals.delete(directives.stop);
      }
      if (directives["not run"] !== undefined || block.isGenerated) continue;
      if (directives.output !== undefined) {
        const finding = matchesOutput(block.text, restored(output, replacements));
        if (finding !== null) throw new Error(`${where}: ${finding}`);
      }
      if (language !== "sh") continue;
      const script = replaced(block.text, replacements);
      const minutes = directives["minutes later"];
      laterMs += 60_000 * Number(minutes ?? 0);
      const { terminal, ready = "" } = directives;
      if (terminal !== undefined) {
        terminals.set(terminal, await openTerminal(folder, script, ready, terminalEnv));
        continue;
      }
      // Other blocks keep the gateways' clock, as the proof of a rollback needs it.
      const timed = minutes === undefined ? script : later(laterMs, script);
      output = await runBlock(state, timed, block, where);
    }
  } finally {
    await Promise.all([...terminals.values()].map(async (terminal) => terminal.stop()));
  }
}

/** Runs a script as if that much time had passed: its processes of Node have a clock that is ahead. */
function later(ms: number, script: string): string {
  const clock = fileURLToPath(new URL("later-clock.mjs", import.meta.url));
  return `export NODE_OPTIONS="--import=${clock}" LATER_MS=${ms}\n${script}\nunset NODE_OPTIONS LATER_MS`;
}

async function runBlock(
  state: string,
  script: string,
  block: Block,
  where: string,
): Promise<string> {
  const { until, fails = "0" } = block.directives;
  const deadline = performance.now() + UNTIL_MS;
  for (;;) {
    const { code, output } = await runShell(state, script);
    const isThere = until === undefined || output.includes(until);
    if (isThere && String(code) === fails) return output;
    if (until === undefined || performance.now() > deadline) {
      throw new Error(`${where} ended with ${code}, not ${fails}:\n${output}`);
    }
    await sleep(200);
  }
}

/** Runs a script with what the ones before it have left: their folder and exported variables. */
async function runShell(state: string, script: string): Promise<{ code: number; output: string }> {
  const [env, cwd] = [join(state, "env"), join(state, "cwd")];
  const whole = [
    "set -euo pipefail",
    ...(existsSync(env) ? [`. ${env}`] : []),
    script,
    `declare -px > ${env}`,
    `pwd > ${cwd}`,
  ].join("\n");
  const child = spawn("bash", ["-c", `exec 2>&1\n${whole}`], {
    cwd: readFileSync(cwd, "utf8").trim(),
    env: readerEnv(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const output = await textOf(child.stdout);
  return { code: await closed, output };
}

function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

function restored(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((all, [from, to]) => all.replaceAll(to, from), text);
}
