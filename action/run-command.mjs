// Runs edgezero-rollout as the inputs say, and hands on its JSON and its exit code. Plain JavaScript without
// dependencies: the runner has nothing installed. action.yml says what each input is.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";

/** The text of an input; empty where it is not given. */
const input = (name) => (process.env[`INPUT_${name}`] ?? "").trim();

/** Where commands act: arguments that all of them take. */
const place = [
  ...(input("STORE") === "" ? [] : ["--store", input("STORE")]),
  ...(input("ENV") === "" ? [] : ["--env", input("ENV")]),
];
const urls = input("URL")
  .split(/\s+/)
  .flatMap((url) => (url === "" ? [] : ["--url", url]));
const message = input("MESSAGE") === "" ? [] : ["-m", input("MESSAGE")];
const accepted = input("ACCEPT_UNVERIFIED") === "true" ? ["--accept-unverified"] : [];

/** The arguments of each command. */
const COMMANDS = {
  status: () => ["status", ...place, ...urls],
  set: (pct) => [
    "set",
    pct,
    "--yes",
    ...place,
    ...message,
    ...urls,
    ...(urls.length > 0 ? ["--wait"] : []),
  ],
  rollback: () => ["rollback", ...place, ...urls, ...accepted],
  enable: () => ["enable", "--yes", ...place, ...message],
  disable: () => ["disable", "--yes", ...place, ...message],
};

/** Runs one command. Its text goes to the log, and its JSON comes back; `null` where none came. */
function run(args) {
  const npx = ["--yes", `edgezero-rollout@${input("VERSION") || "latest"}`, ...args, "--json"];
  const { status, stdout, error } = spawnSync("npx", npx, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error !== undefined) throw error;
  console.log(`edgezero-rollout ${args[0]}: ${stdout.trim()}`);
  return { code: status ?? 1, document: parsed(stdout) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The two keys of a file. A file that is not plainly valid is never an instruction. */
function desired(file) {
  const values = JSON.parse(readFileSync(file, "utf8"));
  const { edgezero_enabled: flag, edgezero_rollout_pct: pct } = values;
  if (flag !== "true" && flag !== "false") {
    throw new Error(`${file}: edgezero_enabled must be "true" or "false"`);
  }
  if (typeof pct !== "string" || !/^(?:\d|[1-9]\d|100)$/.test(pct)) {
    throw new Error(`${file}: edgezero_rollout_pct must be a text from "0" to "100"`);
  }
  return { isEnabled: flag === "true", pct };
}

/** Makes the store equal to a file of the repository. A first fault ends it. */
function apply() {
  const { isEnabled, pct } = desired(input("FILE"));
  // 0 goes first: a rollback asks for no lock, plan or trail.
  if (pct === "0") {
    const back = run(COMMANDS.rollback());
    return back.code === 0 && !isEnabled ? run(COMMANDS.disable()) : back;
  }
  if (!isEnabled) return run(COMMANDS.disable());
  const enabled = run(COMMANDS.enable());
  return enabled.code === 0 ? run(COMMANDS.set(pct)) : enabled;
}

function chosen() {
  const command = input("COMMAND");
  if (command === "apply") return apply();
  if (command === "status" || command === "rollback") return run(COMMANDS[command]());
  if (command !== "set") {
    throw new Error(`command is ${command}: it must be status, set, rollback or apply`);
  }
  if (input("PCT") === "") throw new Error("pct is not given: set needs it");
  return run(COMMANDS.set(input("PCT")));
}

/** Writes an output of the step. The random delimiter keeps a value from ending early. */
function output(name, value) {
  const end = randomUUID();
  appendFileSync(
    process.env["GITHUB_OUTPUT"] ?? "/dev/null",
    `${name}<<${end}\n${value}\n${end}\n`,
  );
}

let result;
try {
  result = chosen();
} catch (error) {
  console.log(`::error::${error.message.replaceAll("%", "%25").replaceAll("\n", "%0A")}`);
  result = { code: 2, document: null };
}
const { code, document } = result;
output("exit-code", code);
output("outcome", document === null ? "" : (document.error?.code ?? "ok"));
output("document", document === null ? "" : JSON.stringify(document));
process.exitCode = code;
