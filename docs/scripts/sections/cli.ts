import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { durationMs, RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { EXIT_CODES } from "edgezero-rollout/exit-codes";
import { code, fence, table } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

const MAIN = join(REPOSITORY, "packages", "cli", "src", "main.ts");

/** The command's own help text. */
export async function helpOf(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...command, "--help"], {
    env: { PATH: process.env["PATH"], NO_COLOR: "1", COLUMNS: "80" },
  });
  return stdout;
}

/** The help of every command that the program's help names. */
export async function commandsSection(): Promise<string> {
  const program = await helpOf();
  const helps = await helpsOf(program, []);
  if (helps.length === 0) throw new Error("the help names no commands");
  return [fence("text", program), ...helps].join("\n\n");
}

/** The helps of the commands that a help lists, and of those that theirs list. */
async function helpsOf(help: string, parents: readonly string[]): Promise<string[]> {
  const listed = /^Commands:\n((?: {2}.*\n?)+)/m.exec(help)?.[1] ?? "";
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
  const helps: string[] = [];
  // In turn: a dozen processes at once would be slower.
  for (const name of names) {
    if (name === "help") continue;
    const words = [...parents, name];
    const own = await helpOf(...words);
    helps.push(`## ${words.join(" ")}\n\n${fence("text", own)}`, ...(await helpsOf(own, words)));
  }
  return helps;
}

/** The exit codes, with their names in JSON documents. */
export function exitCodesSection(): string {
  const rows = Object.entries(EXIT_CODES).map(([name, { code: number, meaning }]) => [
    code(String(number)),
    code(name),
    meaning,
  ]);
  return table(["exit code", "in JSON", "what it means"], rows);
}

/** The stages that `init` writes. */
export function planSection(): string {
  const rows = RUNBOOK_PLAN.map(({ pct, hold }, i) => {
    if (durationMs(hold) === null) throw new Error(`${hold} is not a duration`);
    return [String(i + 1), `${pct}%`, hold.replace("m", " min").replace("h", " h")];
  });
  return table(["stage", "percentage", "hold for"], rows);
}
