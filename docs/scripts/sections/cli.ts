import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { durationMs, RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { EXIT_CODES } from "@edgezero/rollout-cli/exit-codes";
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
  const listed = /^Commands:\n((?: {2}.*\n?)+)/m.exec(program)?.[1] ?? "";
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
  const shown = names.filter((name) => name !== "help");
  if (shown.length === 0) throw new Error("the help names no commands");
  const helps: string[] = [];
  // In turn: a dozen processes at once would be slower.
  for (const name of shown) {
    helps.push(`## ${name}\n\n${fence("text", await helpOf(name))}`);
  }
  return [fence("text", program), ...helps].join("\n\n");
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
