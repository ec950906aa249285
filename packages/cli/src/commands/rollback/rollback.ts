import type { Target } from "@edgezero/config";
import { explicitStore, loadConfig, targetOf } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { beginWatch } from "@edgezero/operations/rollback/begin-watch";
import { passwordsOf } from "@edgezero/stores/redact";
import { CliError } from "../../cli-error.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { GatewayOptions } from "../gateways.ts";
import { gatewaysOf } from "../gateways.ts";
import { liveText } from "@edgezero/operations/proof/live-text";
import type { WriteOptions } from "../write-options.ts";

/** The options of `rollback`. */
export interface RollbackOptions extends WriteOptions, GatewayOptions {
  readonly disable?: boolean | undefined;
  /** Ordinary responses in a row that a gateway must give where probes are not signed. */
  readonly probes: number;
  readonly acceptUnverified?: boolean | undefined;
  /** How long to try and to verify, in seconds. */
  readonly timeout: number;
}

/**
 * `rollback`: sets 0 at once, then proves it. Where the store is given by its URL, nothing comes
 * before the write: the config file only says where the trail is, and is read after it.
 */
export async function rollback(output: Output, options: RollbackOptions): Promise<Outcome> {
  const begunAt = performance.now();
  // A broken connection takes the terminal away, which must not stop a rollback half-way.
  process.on("SIGHUP", () => {});
  const explicit = explicitStore(options, process.env, process.cwd());
  const named = explicit === null ? await namedTarget(options) : null;
  const storeUrl = explicit ?? named?.storeUrl ?? "";
  output.hide(passwordsOf(storeUrl));
  const gateways = gatewaysOf(output, options, named ?? { storeUrl }, options.probes);
  // Control-C ends the proof, and what is known by then is said. A second one ends the command.
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const progress = output.progress("writing 0");
  const watch = beginWatch({
    ...gateways,
    timeoutMs: options.timeout * 1000,
    stop: stop.signal,
    onProof: (url, proof) => progress.update(`0 is written; ${liveText(url, proof, "proven")}`),
  });
  // The first probes are on their way while this is loaded.
  const { runRollback } = await import("./run-rollback.ts");
  const target = { named, storeUrl, isCountGiven: gateways.means.instances !== null };
  return runRollback({ output, options, watch, begunAt, progress, ...target });
}

/** The target of a store that only the config file names, which must then be read first. */
async function namedTarget(options: RollbackOptions): Promise<Target> {
  try {
    const loaded = await loadConfig(options, process.cwd());
    return targetOf(options, process.env, process.cwd(), loaded);
  } catch (error) {
    const hint = "Nothing was written. --store <url> needs no config file.";
    throw new CliError("usage", `NOT ROLLED BACK: ${messageOf(error)}`, { hint, cause: error });
  }
}
