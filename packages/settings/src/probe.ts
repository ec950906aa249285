import { secretText } from "./secret.ts";
import { defineSetting } from "./setting.ts";

/** The secret of operators who probe. */
export const PROBE_SECRET = defineSetting({
  name: "PROBE_SECRET",
  ...secretText,
  default: null,
  meaning:
    "The secret of signed probes, by which `edgezero-rollout` sees how this gateway decides. With it anyone can read every decision, and change none; without it no probe is answered.",
  isSecret: true,
});

/** The secret before it was changed. */
export const PROBE_SECRET_PREVIOUS = defineSetting({
  name: "PROBE_SECRET_PREVIOUS",
  ...secretText,
  default: null,
  meaning:
    "The probe secret before, which counts as well while `PROBE_SECRET` is changed on gateways and commands one after the other.",
  isSecret: true,
});
