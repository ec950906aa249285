import type { Demo } from "../demo.ts";
import { CLIENTS } from "../load/clients.ts";
import { MEAN_RPS } from "../load/day.ts";
import type { Outlook } from "../plan.ts";
import { outlook } from "../plan.ts";
import type { Fault, FaultName } from "../site/fault.ts";
import { FAULTS, USUAL_ERRORS } from "../site/fault.ts";

/** A fault as the panel has it. */
export interface PanelFault extends Pick<Fault, "group" | "label" | "about"> {
  readonly name: FaultName;
}

/** Everything that the panel shows. */
export interface PanelState {
  /** The fault that is on; `null`: no fault is on. */
  readonly fault: FaultName | null;
  /** Those of a group follow each other. */
  readonly faults: readonly PanelFault[];
  readonly outlook: readonly Outlook[];
  readonly clients: number;
  readonly meanRps: number;
  /** The part of requests that fails while all is well, 0 to 1. */
  readonly usualErrors: number;
  /** The shop by the gateway, and by each origin itself. */
  readonly shop: string;
  readonly legacy: string;
  readonly edgezero: string;
  /** The controller, whose own page has no panel. */
  readonly controller: string;
}

export function panelState(demo: Demo): PanelState {
  const names = Object.keys(FAULTS) as FaultName[];
  return {
    fault: demo.fault(),
    faults: names.map((name) => {
      const { group, label, about } = FAULTS[name];
      return { name, group, label, about };
    }),
    outlook: outlook(),
    clients: CLIENTS,
    meanRps: MEAN_RPS,
    usualErrors: USUAL_ERRORS,
    shop: demo.gatewayUrl,
    legacy: demo.legacyUrl,
    edgezero: demo.edgezeroUrl,
    controller: demo.controllerUrl,
  };
}
