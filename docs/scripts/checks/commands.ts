import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf } from "@edgezero/faults/faults";
import MarkdownIt from "markdown-it";
import { REPOSITORY } from "../pages.ts";

const PROGRAM = join(REPOSITORY, "packages", "cli", "src", "program.ts");

/** The used part of the command line's parser. */
interface Cli {
  createProgram(runner: () => Promise<void>): {
    parseAsync(args: readonly string[], options: { readonly from: "user" }): Promise<unknown>;
  };
}

/** The commands of a document that do not exist, or not in the written form. */
export async function commandFindings(document: string): Promise<string[]> {
  const findings: string[] = [];
  for (const line of commandLines(readFileSync(join(REPOSITORY, document), "utf8"))) {
    const finding = (await cliFinding(line)) ?? scriptFinding(line);
    if (finding !== null) findings.push(`${document}: ${line}: ${finding}`);
  }
  return findings;
}

/** The lines of shell blocks, and the code in the text that begins like a command. */
export function commandLines(text: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const fences = tokens.filter(({ type, info }) => type === "fence" && info.trim() === "sh");
  const codes = tokens
    .flatMap(({ children }) => children ?? [])
    .filter(({ type }) => type === "code_inline");
  const lines = fences.flatMap(({ content }) => content.replaceAll("\\\n", " ").split("\n"));
  const calls = codes.map(({ content }) => content).filter(isCall);
  return [...lines, ...calls].map((line) => line.trim());
}

/** The text often only names a command, without its required arguments. */
function isCall(text: string): boolean {
  return /^(?:npx|pnpm) /.test(text) ? !text.endsWith("pnpm@12") : text.split(" ").length > 2;
}

/** The fault that the command line's own parser finds in a call. Nothing is run. */
async function cliFinding(line: string): Promise<string | null> {
  const [, call] = /(?:^|\| |pnpm@12 (?:-s |--silent )?)edgezero-rollout( .*)?$/.exec(line) ?? [];
  // Named, not called.
  if (call === undefined) return null;
  const args = words(call);
  if (args[0] === "--help" || args.includes("completion")) return null;
  const cli = (await import(pathToFileURL(PROGRAM).href)) as Cli;
  try {
    await cli.createProgram(async () => {}).parseAsync(args, { from: "user" });
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** The words of a call, up to the first part that only the shell can interpret. */
function words(call: string): string[] {
  const [own = ""] = call.split(/ (?:\||\|\||&&|>|#) /);
  return [
    ...own.replaceAll("$GATEWAY", "http://127.0.0.1").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
  ].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}

/** The scripts of each package of the workspace, by its name. */
export const SCRIPTS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [
    "package.json",
    ...globSync("{packages,apps}/*/package.json", { cwd: REPOSITORY }),
    "bench/package.json",
    "docs/package.json",
    "ops/package.json",
  ].map((path) => {
    const { name = "", scripts = {} } = JSON.parse(
      readFileSync(join(REPOSITORY, path), "utf8"),
    ) as {
      name?: string;
      scripts?: Record<string, string>;
    };
    return [name, new Set(Object.keys(scripts))];
  }),
);
/** Commands of pnpm itself. */
const OWN = new Set(["exec", "install", "pack", "publish", "run"]);

/** Reports `npx --yes pnpm@12 … script` with a package or script that does not exist. */
function scriptFinding(line: string): string | null {
  const [, filter, script = ""] =
    /^(?:\w+=\S+ )*npx (?:--yes )?pnpm@12 (?:--silent |-s )?(?:--filter (\S+) )?(\w[\w:-]*)/.exec(
      line,
    ) ?? [];
  if (script === "" || OWN.has(script)) return null;
  const name = [...SCRIPTS.keys()].find(
    (each) => each === (filter ?? "edgezero-rollout-repository") || each.endsWith(`/${filter}`),
  );
  if (name === undefined) return `there is no package ${filter}`;
  return SCRIPTS.get(name)?.has(script) ? null : `${name} has no script ${script}`;
}
