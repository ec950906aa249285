import type { LoadedConfig, Target, TargetOptions } from "@edgezero/config";
import { loadConfig, operatorName, targetOf } from "@edgezero/config";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import type { Operation } from "@edgezero/operations/operation";
import { beginOperation } from "@edgezero/operations/operation";
import { openStore } from "@edgezero/stores/open-operator-store";
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
  output.hide(target.secrets);
  const store = await openStore(target.storeUrl, process.env, sayPauses(output));
  try {
    const journal = await openJournal(target.journal);
    const who = operatorName(options.as, process.env, target.operator);
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
