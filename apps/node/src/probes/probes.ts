import type { ConfigStore, Logger, Probe } from "@edgezero/rollout";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { createProbe } from "@edgezero/rollout/probe";
import { createEpochHistory } from "./epoch-history.ts";

/** Settings of {@link createNodeProbes}. */
export interface NodeProbesOptions {
  /** The secrets that are set, of which any may have signed. */
  readonly secrets: readonly string[];
  readonly configStore: ConfigStore;
  /** How many responses and upgrades are open at EdgeZero. */
  readonly open: () => number;
  /** The worker that this process is; `undefined` where it is the whole gateway. */
  readonly worker?: ProbeAnswer["worker"];
  /** Called for each probe that is answered. */
  readonly onProbe: () => void;
  readonly logger: Logger;
}

/** What answers signed probes, with what it keeps running. */
export interface NodeProbes {
  readonly probe: Probe<Request>;
  readonly close: () => void;
}

/** Signed probes, or `undefined` where there is no secret: then nothing of them exists. */
export function createNodeProbes({
  secrets,
  configStore,
  worker,
  ...options
}: NodeProbesOptions): NodeProbes | undefined {
  if (secrets.length === 0) return undefined;
  const { changeTo, close } = createEpochHistory(configStore);
  return {
    probe: createProbe({
      secrets,
      about: (epoch) => ({ ...changeTo(epoch), worker }),
      ...options,
    }),
    close,
  };
}
