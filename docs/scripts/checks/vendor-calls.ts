import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../pages.ts";

/** The command lines of the platforms, which cannot be run without an account. */
const PROGRAMS = {
  fastly: join(REPOSITORY, "apps", "fastly", "node_modules", ".bin", "fastly"),
  wrangler: join(REPOSITORY, "apps", "cloudflare", "node_modules", ".bin", "wrangler"),
} as const;
type Program = keyof typeof PROGRAMS;

/** A call of a platform's command line. */
interface Call {
  readonly program: Program;
  /** Up to the first option, with the arguments of the command. */
  readonly words: readonly string[];
  readonly options: readonly string[];
}

/** The fault of a call by the `--help` of the command that it names, or `null`. Nothing else is run. */
export async function vendorFinding(line: string): Promise<string | null> {
  const call = callIn(line);
  if (call === null) return null;
  const help = await helpOf(call);
  const title = titleOf(call.program, help);
  if (title === null) return `${call.program} has no command ${call.words.join(" ")}`;
  const missing = call.options.find((option) => !hasOption(help, option));
  if (missing !== undefined) return `${title.join(" ")} has no option ${missing}`;
  const required = requiredOptions(help).find((option) => !call.options.includes(option));
  return required === undefined ? null : `${title.join(" ")} needs ${required}`;
}

function callIn(line: string): Call | null {
  const [, name, text = ""] =
    /(?:^|exec |[;&|] ?)(fastly|wrangler) ([a-z].*)$/.exec(line.trim()) ?? [];
  if (name !== "fastly" && name !== "wrangler") return null;
  const [own = ""] = text.split(/ (?:\||\|\||&&|>|#) ?/);
  const words = own.split(/\s+/).filter((word) => word !== "");
  const first = words.findIndex((word) => word.startsWith("-"));
  return {
    program: name,
    words: first < 0 ? words : words.slice(0, first),
    options: words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? ""),
  };
}

const HELP = new Map<string, Promise<string>>();

/** The help of a command, asked for once. */
async function helpOf({ program, words }: Call): Promise<string> {
  // Arguments such as an id would only make more calls of one command.
  const command = words.filter((word) => /^[a-z][a-z-]*$/.test(word));
  const key = [program, ...command].join(" ");
  const help = HELP.get(key) ?? askHelp(program, command);
  HELP.set(key, help);
  return help;
}

async function askHelp(program: Program, words: readonly string[]): Promise<string> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" };
  try {
    const { stdout, stderr } = await promisify(execFile)(PROGRAMS[program], [...words, "--help"], {
      env,
    });
    return stdout + stderr;
  } catch {
    return "";
  }
}

/** The command that a help is of, in words; `null` where it is that of a group, or of no command. */
function titleOf(program: Program, help: string): string[] | null {
  if (/^COMMANDS$/m.test(help)) return null;
  const [title = ""] =
    new RegExp(`^ *${program} [a-z][^<\\[-]*(?:-[a-z][^<\\[-]*)*`, "m").exec(help) ?? [];
  return title === "" ? null : title.trim().split(/\s+/);
}

function hasOption(help: string, option: string): boolean {
  return new RegExp(`(?:^|\\s)${option}(?:[\\s=,]|$)`, "m").test(help);
}

function requiredOptions(help: string): string[] {
  const [, required = ""] = /^REQUIRED FLAGS\n([^]*?)\n\n/m.exec(help) ?? [];
  return [...required.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option = ""]) => option);
}
