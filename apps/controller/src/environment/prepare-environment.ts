import type { ChosenGateways, LoadedConfig, Target, Variables } from "@edgezero/config";
import { chosenGateways, targetOf } from "@edgezero/config";
import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import type { SourceName } from "@edgezero/evidence/source";
import type { PlanFinding, RolloutPlan } from "@edgezero/progression";
import { lintPlan } from "@edgezero/progression";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Receiver } from "../notify/receiver.ts";
import { openReceiver } from "../notify/receiver.ts";
import { givesOf, namesOf, withSources } from "./named-sources.ts";

/** An environment whose config was found in order. Nothing is led, and nothing was asked yet. */
export interface PreparedEnvironment {
  readonly target: Target;
  readonly plan: RolloutPlan;
  readonly gateways: ChosenGateways;
  readonly sources: readonly (string | SourceConfig)[];
  readonly sourceNames: readonly SourceName[];
  readonly store: OperatorStore;
  readonly receivers: readonly Receiver[];
  readonly warnings: readonly PlanFinding[];
  close(): Promise<void>;
}

/** Checks one environment of a config. Rejects with a message for operators where it cannot be led. */
export async function prepareEnvironment(
  name: string,
  loaded: LoadedConfig,
  variables: Variables,
): Promise<PreparedEnvironment> {
  const target = targetOf({ env: name }, { ...variables, EDGEZERO_STORE: undefined }, "", loaded);
  if (target.rolloutPlan === null) throw new Error(`${name}: a controller needs a plan`);
  if (target.journal.kind === "unknown") throw new Error(`${name}: ${target.journal.why}`);
  const gateways = chosenGateways({ url: [] }, target, variables);
  if (gateways.secretFinding !== null) throw new Error(`${name}: ${gateways.secretFinding}`);
  const sources = target.evidence.map((given) => given as string | SourceConfig);
  const sourceNames = namesOf(sources);
  const plan = withSources(target.rolloutPlan, sourceNames);
  const receivers = target.notify.map((given) => openReceiver(given, variables));
  const store = await openStore(target.storeUrl, variables);
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), ...receivers.map(async (each) => each.close())]);
  };
  const { propagationMs } = store;
  const bounds = LATENCY_BOUNDS_MS;
  const gives = sourceNames.length === 0 ? {} : { sources: givesOf(sourceNames) };
  const findings = lintPlan(plan, { propagationMs, bounds, ...gives });
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) {
    await close();
    throw new Error(`${name}: ${errors.map(({ message }) => message).join("; ")}`);
  }
  return {
    target,
    plan,
    gateways,
    sources,
    sourceNames,
    store,
    receivers,
    warnings: findings,
    close,
  };
}
