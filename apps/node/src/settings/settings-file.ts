import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { messageOf } from "@edgezero/faults/faults";
import { SettingsError } from "@edgezero/settings";
import { NODE_SETTINGS } from "./settings.ts";

/** Environment variables, some of which may be missing. */
type Variables = Readonly<Record<string, string | undefined>>;

/** What the environment and the settings file say together. */
export interface FoundSettings {
  readonly env: Variables;
  /** Names of the file that the environment has with another value, which counts. */
  readonly overridden: readonly string[];
  /** Names of the file that Node reads when a process starts: for this one too late. */
  readonly ofNode: readonly string[];
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/;
/** A value in quotes, and a comment after it. */
const QUOTED = /^(?:"[^"]*"|'[^']*'|`[^`]*`)\s*(?:#.*)?$/;
const IGNORED = /^\s*(?:#.*)?$/;

/**
 * Adds the settings of the file that `SETTINGS_FILE` names. A variable that the environment has, and that
 * is not empty, counts over the file's.
 *
 * @throws SettingsError when the file cannot be read, or has a line that is no setting or not clear.
 */
export function withSettingsFile(env: Variables): FoundSettings {
  const path = env["SETTINGS_FILE"];
  if (path === undefined || path === "") return { env, overridden: [], ofNode: [] };
  const file = readFile(path);
  const found = { ...file, ...Object.fromEntries(Object.entries(env).filter(isSet)) };
  const names = Object.keys(file);
  const overridden = names.filter((name) => found[name] !== file[name]);
  const ofNode = names.filter((name) => isOfNode(name) && !overridden.includes(name));
  return { env: found, overridden, ofNode };
}

function readFile(path: string): Record<string, string | undefined> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fault(path, `it cannot be read (${messageOf(error)})`);
  }
  const lines = text.split(/\r?\n/);
  const wrong = lines.findIndex((line) => !ASSIGNMENT.test(line) && !IGNORED.test(line));
  // The line itself may be a part of a secret.
  if (wrong !== -1) throw fault(path, `line ${wrong + 1} is not NAME=value`);
  const values = parseEnv(text);
  const unknown = Object.keys(values).find((name) => !isKnown(name));
  if (unknown !== undefined) throw fault(path, `${unknown} is not a setting of this gateway`);
  // Node takes it for the begin of a comment, and a password would be cut there.
  const cut = lines.map(nameWithCutValue).find((name) => name !== null);
  if (cut !== undefined) {
    throw fault(path, `${cut} has # in a value without quotes; write ${cut}="..."`);
  }
  return values;
}

function isKnown(name: string): boolean {
  return isOfNode(name) || (Object.hasOwn(NODE_SETTINGS, name) && name !== "SETTINGS_FILE");
}

function isOfNode(name: string): boolean {
  return name.startsWith("NODE_");
}

/** The name of a line whose value would be cut at a `#`; `null` for other lines. */
function nameWithCutValue(line: string): string | null {
  const [, name = "", value = ""] = ASSIGNMENT.exec(line) ?? [];
  return value.includes("#") && !QUOTED.test(value) ? name : null;
}

function isSet([, value]: [string, string | undefined]): boolean {
  return value !== undefined && value !== "";
}

function fault(path: string, why: string): SettingsError {
  const message = `SETTINGS_FILE is ${JSON.stringify(path)}: ${why}`;
  return new SettingsError([{ setting: "SETTINGS_FILE", message }]);
}
