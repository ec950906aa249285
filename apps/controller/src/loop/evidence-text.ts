import type { RolloutState } from "@edgezero/progression";
import { describeCause, explain } from "@edgezero/progression/explain";

/**
 * What has put a rollout into its present state, with the values that decided it; `null` where nothing but a
 * command or time did. Pure.
 */
export function evidenceOfState(state: RolloutState): string | null {
  const { phase } = state;
  if (phase.name === "rolling-back") {
    const { cause } = phase.rollback;
    const { signals } = explain(state);
    const blamed = "signal" in cause ? signals.filter(({ name }) => name === cause.signal) : [];
    return [describeCause(cause), ...blamed.map(({ sentence }) => sentence)].join(" ");
  }
  if (phase.name !== "held") return null;
  const { reasons, signals } = explain(state);
  const worse = signals.filter(({ name }) => phase.pass.breaches[name] !== undefined);
  return [
    ...reasons.slice(0, 1).map(({ sentence }) => sentence),
    ...worse.map(({ sentence }) => sentence),
  ].join(" ");
}

/** What the signals say that a higher percentage is decided on; `null` where none decides. Pure. */
export function evidenceOfRaise(state: RolloutState): string | null {
  const deciding = explain(state).signals.filter(({ decides }) => decides);
  return deciding.length === 0 ? null : deciding.map(({ sentence }) => sentence).join(" ");
}
