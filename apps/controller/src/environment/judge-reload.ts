import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { RolloutConfig } from "@edgezero/config";

type Environments = NonNullable<RolloutConfig["environments"]>;

/** What a new config changes; where there are findings nothing is changed. */
export interface JudgedReload {
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  /** Environments that are closed and opened again: they go on from their state, as after a restart. */
  readonly reopens: readonly string[];
  /** Why the config is refused, for operators. */
  readonly findings: readonly string[];
}

/** Whether an environment may be left without a controller. */
const MAY_CLOSE: Readonly<Record<EnvironmentView["state"], boolean>> = {
  idle: true,
  "warming-up": false,
  propagating: false,
  observing: false,
  held: false,
  "awaiting-approval": false,
  paused: false,
  "rolling-back": false,
  "rolled-back": true,
  "rollback-unverified": false,
  completed: true,
  // Nobody knows what it has left: see `free`.
  unavailable: false,
  // Another controller leads it.
  following: true,
};

/** The environments of a config that name `evidence`. */
export function ledNames({ environments = {} }: RolloutConfig): readonly string[] {
  const named = Object.entries(environments);
  return named.filter(([, { evidence }]) => evidence !== undefined).map(([name]) => name);
}

/**
 * Decides what a new config changes. A rollout that is under way loses neither its controller, nor its store
 * or its trail. Pure.
 *
 * @param states The states of the environments that are led or shown now.
 * @param free Those among them that cannot be run, and have left no client on EdgeZero.
 */
export function judgeReload(
  before: RolloutConfig,
  after: RolloutConfig,
  states: Readonly<Record<string, EnvironmentView["state"]>>,
  free: readonly string[] = [],
): JudgedReload {
  const led = Object.keys(states);
  const wanted = ledNames(after);
  const findings: string[] = [];
  const stays = led.filter((name) => wanted.includes(name) || isKept(before, after, name));
  // One that the config did not have before is shown until the next start: its clients are on EdgeZero.
  const isShown = (name: string): boolean =>
    states[name] === "unavailable" && of(before, name) === undefined && !free.includes(name);
  const closes = led.filter((name) => !stays.includes(name) && !isShown(name));
  for (const name of closes) {
    const state = states[name] ?? "idle";
    if (MAY_CLOSE[state] || free.includes(name)) continue;
    const ask =
      state === "unavailable"
        ? "roll it back, and start the controller without it"
        : "roll it back or reset it first";
    findings.push(`${name} is ${state}, and would be led by nobody: ${ask}`);
  }
  for (const name of stays) {
    // A state of another store is refused where it is opened.
    if (states[name] === "unavailable") continue;
    for (const field of ["store", "audit", "journal"] as const) {
      const [was, is] = [before, after].map((each) => JSON.stringify(of(each, name)?.[field]));
      if (was === is) continue;
      findings.push(`${name}: a new ${field} needs a restart, or an environment of another name`);
    }
  }
  return {
    opens: wanted.filter((name) => !led.includes(name)),
    closes,
    reopens: stays.filter(
      (name) => states[name] === "unavailable" || textOf(before, name) !== textOf(after, name),
    ),
    findings: wanted.length === 0 ? [...findings, "no environment names `evidence`"] : findings,
  };
}

/** Whether it was led without `evidence` already, for the clients that it has on EdgeZero. */
function isKept(before: RolloutConfig, after: RolloutConfig, name: string): boolean {
  const was = of(before, name);
  return was !== undefined && was.evidence === undefined && of(after, name) !== undefined;
}

function of(config: RolloutConfig, name: string): Environments[string] | undefined {
  return config.environments?.[name];
}

/** All that counts for an environment. */
function textOf(config: RolloutConfig, name: string): string {
  const environment = of(config, name);
  return JSON.stringify([environment, environment?.plan ?? config.plan]);
}
