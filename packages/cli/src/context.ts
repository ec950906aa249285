import { hostname, userInfo } from "node:os";
import type { LoadedConfig, Target, TargetOptions } from "@edgezero/config";
import { loadConfig, targetOf } from "@edgezero/config";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { Operation } from "@edgezero/operations/operation";
import { beginOperation } from "@edgezero/operations/operation";
import { openStore } from "@edgezero/stores/open-operator-store";
import { passwordsOf } from "@edgezero/stores/redact";
import type { Output } from "./output/output.ts";
import { sayPauses } from "./output/say-pauses.ts";

/** The options of every command that uses a store. */
export interface CommonOptions extends TargetOptions {
  readonly json?: boolean | undefined;
  /** Who acts, for the audit trail. */
  readonly as?: string | undefined;
}

/** The surroundings of a command that uses a store. */
export interface Context {
  readonly output: Output;
  readonly target: Target;
  /** The config file, or `null` where there is no such file. */
  readonly loaded: LoadedConfig | null;
  readonly operation: Operation;
}

/** Opens the chosen store for `action`, and closes it whatever happens. */
export async function withOperation<T>(
  output: Output,
  options: CommonOptions,
  action: (context: Context) => Promise<T>,
): Promise<T> {
  const { loaded, target } = await findTarget(options);
  output.hide(passwordsOf(target.storeUrl));
  const store = await openStore(target.storeUrl, process.env, sayPauses(output));
  try {
    const journal = openFileJournal(target.trailPath);
    const who = whoOf(options, target.operator);
    const operation = await beginOperation({ store, journal, who, safe: output.safe });
    return await action({ output, target, loaded, operation });
  } finally {
    await store.close().catch(() => {});
  }
}

/** Finds the chosen store, and the config file that may name it. @throws ConfigError */
export async function findTarget(
  options: CommonOptions,
): Promise<Pick<Context, "loaded" | "target">> {
  const loaded = await loadConfig(options, process.cwd());
  return { loaded, target: targetOf(options, process.env, process.cwd(), loaded) };
}

/**
 * Who acts: `--as`, else `EDGEZERO_OPERATOR`, else the environment's `operator` in the config file, else
 * `user@host`.
 */
export function whoOf({ as }: CommonOptions, configured: string | null = null): string {
  const variable = process.env["EDGEZERO_OPERATOR"];
  const given = as || variable || configured || `${userName()}@${hostname()}`;
  // Other operators see it: it must not steer their terminals.
  return given.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container, the user may be a number without a name.
    return String(process.getuid?.() ?? "unknown");
  }
}
