import { readFile } from "node:fs/promises";
import type { SourceConfig } from "../source-config.ts";
import { SourceConfigError } from "../source-config.ts";

/** The headers that prove who asks. Rejects where a secret's file cannot be read. */
export type Credentials = () => Promise<Readonly<Record<string, string>>>;

/** @throws SourceConfigError where a variable is not set, or two ways are named at once. */
export function credentialsOf(
  config: SourceConfig,
  env: Readonly<Record<string, string | undefined>>,
): Credentials {
  const { tokenEnv, tokenFile, user, passwordEnv } = config;
  const ways = [tokenEnv, tokenFile, user ?? passwordEnv].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new SourceConfigError("evidence: only one of tokenEnv, tokenFile and user may be given");
  }
  if (tokenFile !== undefined) {
    return async () => bearer((await readFile(tokenFile, "utf8")).trim());
  }
  if (tokenEnv !== undefined) {
    const headers = bearer(secretOf("tokenEnv", tokenEnv, env));
    return async () => headers;
  }
  if (user !== undefined && passwordEnv !== undefined) {
    const text = `${user}:${secretOf("passwordEnv", passwordEnv, env)}`;
    const headers = { authorization: `Basic ${Buffer.from(text).toString("base64")}` };
    return async () => headers;
  }
  if (user !== undefined || passwordEnv !== undefined) {
    throw new SourceConfigError("evidence: user and passwordEnv go together");
  }
  return async () => ({});
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function secretOf(
  setting: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const secret = env[name];
  if (secret !== undefined && secret !== "") return secret;
  throw new SourceConfigError(`evidence: ${setting} names ${name}, which is not set`);
}
