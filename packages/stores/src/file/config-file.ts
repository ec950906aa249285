import { readFileSync, statSync } from "node:fs";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";

const MAX_BYTES = 64 * 1024;

/** What the config file says: an object of values, of which each should be a string. */
export type ConfigFileValues = Readonly<Record<string, unknown>>;

/**
 * Reads the config file: a JSON object of strings, at most 64 KiB.
 *
 * @throws ConfigStoreUnavailableError when there is no such file, or it does not hold that.
 */
export function readConfigFile(path: string): ConfigFileValues {
  const values = parseJson(path, readText(path));
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new ConfigStoreUnavailableError(`${path} does not hold a JSON object`);
  }
  return values as ConfigFileValues;
}

/**
 * One value of the config file, `null` when it is absent.
 *
 * @throws TypeError when it is not a string, which would leave open how it is meant to be read.
 */
export function valueOf(values: ConfigFileValues, key: string): string | null {
  if (!Object.hasOwn(values, key)) return null;
  const value = values[key];
  if (typeof value === "string") return value;
  throw new TypeError(`${key} must be a JSON string, such as ${JSON.stringify(String(value))}`);
}

function readText(path: string): string {
  try {
    const file = statSync(path);
    // Reading a pipe or a device would block every request.
    if (!file.isFile()) throw new Error("it is not a regular file");
    if (file.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigStoreUnavailableError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message may quote the file, which can hold more than the rollout's keys.
    throw new ConfigStoreUnavailableError(`${path} does not hold valid JSON`);
  }
}
