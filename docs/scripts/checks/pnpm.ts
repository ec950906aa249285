import { execFileSync } from "node:child_process";
import { SCRIPTS } from "./commands.ts";

/** Commands of pnpm that run the script of their name, or leave it the precedence. */
const RUN_SCRIPTS = new Set(["test", "start", "stop", "restart", "clean", "purge", "tasks"]);

/** The commands of pnpm itself, with their other names, as its own help lists them. */
export function pnpmCommands(): ReadonlySet<string> {
  const help = execFileSync("npx", ["pnpm@12", "help", "-a"], {
    encoding: "utf8",
    env: { ...process.env, npm_config_yes: "true" },
  });
  const [, list = ""] = /^Commands:\n([^]*?)\n\n/m.exec(help) ?? [];
  const names = list.split("\n").flatMap((line) => {
    const [, name = "", aliases = ""] =
      /^ +([\w-]+) .*?(?:\[alias(?:es)?: (.*)\])?$/.exec(line) ?? [];
    return [[name], aliases.split(", ")].flat();
  });
  return new Set(names.filter((name) => name !== ""));
}

/**
 * The fault of a call of pnpm that names a script of a package, where pnpm would run a command of its
 * own instead, or where `run` names no script; or `null`.
 */
export function pnpmFinding(line: string, own: ReadonlySet<string>): string | null {
  const [, call] = /(?:^|[\s;&|(])pnpm(?:@[\w.]+)? +(.*)$/.exec(line) ?? [];
  if (call === undefined) return null;
  const { filter, command, rest } = partsOf(call);
  const packages = packagesOf(filter);
  if (command === "run" || command === "run-script") {
    const [script = ""] = rest;
    const isThere = packages.some((name) => SCRIPTS.get(name)?.has(script) === true);
    return isThere ? null : `${packages.join(", ") || filter} has no script ${script}`;
  }
  if (!own.has(command) || RUN_SCRIPTS.has(command)) return null;
  const name = packages.find((each) => SCRIPTS.get(each)?.has(command) === true);
  return name === undefined
    ? null
    : `pnpm has a command ${command} of its own, so it does not run that script of ${name}: write \`run ${command}\``;
}

/** Options of pnpm that take a value, which is no command. */
const WITH_VALUE = /^(?:-F|--filter|-C|--dir|--filter-prod|--config\.\S+)$/;

function partsOf(call: string): { filter: string; command: string; rest: string[] } {
  const words = call.split(/\s+/);
  let filter = "";
  while (words[0]?.startsWith("-") === true) {
    const [option = "", value] = (words.shift() ?? "").split("=");
    const given = value ?? (WITH_VALUE.test(option) ? words.shift() : undefined);
    if (/^(?:-F|--filter)$/.test(option)) filter = given ?? "";
    if (/^(?:-C|--dir)$/.test(option)) filter = given?.split("/").at(-1) ?? "";
    if (/^(?:-r|--recursive)$/.test(option)) filter = "*";
  }
  const [command = "", ...rest] = words;
  return { filter, command, rest };
}

/** Without a filter the folder decides, which a line does not tell: every package may be meant. */
function packagesOf(filter: string): string[] {
  const names = [...SCRIPTS.keys()];
  if (filter === "" || filter === "*") return names;
  return names.filter((name) => name === filter || name.endsWith(`/${filter}`));
}
