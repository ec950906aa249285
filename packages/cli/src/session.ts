import { hostname, userInfo } from "node:os";
import type { LoadedConfig } from "./config/load-config.ts";
import { loadConfig } from "./config/load-config.ts";
import type { Target, TargetOptions } from "./config/target.ts";
import { targetOf } from "./config/target.ts";
import type { Output } from "./output/output.ts";
import type { Coordination } from "@edgezero/stores/coordination";
import { fileCoordination } from "@edgezero/stores/file/coordination";
import { passwordsOf } from "@edgezero/stores/redact";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";

/** The options of every command that uses a store. */
export interface CommonOptions extends TargetOptions {
  readonly json?: boolean | undefined;
  /** Who acts, for the audit trail. */
  readonly as?: string | undefined;
}

/** An open store, with all that belongs to it. */
export interface Session {
  readonly output: Output;
  readonly target: Target;
  readonly loaded: LoadedConfig | null;
  readonly store: OperatorStore;
  /** Where operators of the store meet: the store itself, or else the place of the trail. */
  readonly coordination: Coordination;
  readonly who: string;
  /** The mark of the last rollback, as it was at the start. */
  readonly mark: string | null;
}

/** Finds the store that is meant, opens it for `action`, and closes it whatever happens. */
export async function withSession<T>(
  output: Output,
  options: CommonOptions,
  action: (session: Session) => Promise<T>,
): Promise<T> {
  const loaded = await loadConfig(options.config, process.cwd());
  const target = targetOf(options, process.env, process.cwd(), loaded);
  output.hide(passwordsOf(target.storeUrl));
  const store = await openStore(target.storeUrl, process.env);
  try {
    const coordination = coordinationOf(store, target);
    const mark = await coordination.mark.read();
    const who = whoOf(options);
    return await action({ output, target, loaded, store, coordination, who, mark });
  } finally {
    await store.close().catch(() => {});
  }
}

/** Where the operators of a store meet: the store itself, or else the place of its trail. */
export function coordinationOf(store: OperatorStore | null, { trail }: Target): Coordination {
  return store?.coordination ?? fileCoordination(trail.stem);
}

/** Who acts: `--as`, else `EDGEZERO_OPERATOR`, else `user@host`. */
export function whoOf({ as }: CommonOptions): string {
  const given = as || process.env["EDGEZERO_OPERATOR"] || `${userName()}@${hostname()}`;
  // It is shown to others: nothing in it may steer their terminals.
  return given.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 200);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? "unknown");
  }
}
