import { isAbsolute, relative } from "node:path";
import type { ConfigStore, RolloutPath } from "@edgezero/rollout";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  REASONS,
  readRollout,
} from "@edgezero/rollout";
import type { ConfigLocation } from "@edgezero/stores/gateway-store";

/** The gateway's description of itself when it has started. */
export interface StartReport {
  readonly url: string;
  /** Where the config is, without credentials. */
  readonly config: string;
  /** How soon a change of the config is obeyed. */
  readonly obeyed: string;
  /** The values of the two keys, and where they send requests. */
  readonly says: string;
  readonly legacy: string;
  readonly edgezero: string;
  /** The URL of the metrics, or why there is no such URL. */
  readonly metrics: string;
}

/** Options of {@link startReport}. */
export interface StartReportOptions extends Pick<StartReport, "url" | "metrics"> {
  readonly location: ConfigLocation;
  /** `null` where the built-in handlers answer. */
  readonly origins: Readonly<Record<RolloutPath, URL>> | null;
  readonly configStore: ConfigStore;
}

/** Reads the config, and reports it with where the gateway listens and what serves the two paths. */
export async function startReport(options: StartReportOptions): Promise<StartReport> {
  const { url, location, metrics, origins, configStore } = options;
  return {
    url,
    config: location.shown,
    obeyed: location.obeyed,
    says: await describeConfig(configStore),
    legacy: origins?.legacy.origin ?? "built-in handler",
    edgezero: origins?.edgezero.origin ?? "built-in handler",
    metrics,
  };
}

/** Writes the report for a person at a terminal, with one command to try next. */
export function startText(report: StartReport): string {
  const { url, config, obeyed, says, legacy, edgezero, metrics } = report;
  // A path that leads up and down again is longer than the whole one, and true of one folder alone.
  const short = isAbsolute(config) ? relative(process.cwd(), config) : config;
  const place = short.startsWith("..") ? config : short;
  return `
  EdgeZero Rollout gateway on ${url}

    config    ${place} (change it while this runs: ${obeyed})
    says      ${says}
    legacy    ${legacy}
    edgezero  ${edgezero}
    metrics   ${metrics}

  Try next, in another terminal:

    curl -i ${url}

`;
}

async function describeConfig(store: ConfigStore): Promise<string> {
  const { reason, rolloutPct } = await readRollout(store);
  const where = {
    legacy: "every request goes to legacy",
    edgezero: "every request goes to EdgeZero",
    both: `${rolloutPct} of 100 buckets of clients go to EdgeZero, the others to legacy`,
  }[REASONS[reason].path];
  return `${show(store, EDGEZERO_ENABLED_KEY)}, ${show(store, EDGEZERO_ROLLOUT_PCT_KEY)}: ${where} (${reason})`;
}

function show(store: ConfigStore, key: string): string {
  try {
    const value = store.get(key);
    return `${key} ${value === null ? "absent" : `= ${JSON.stringify(value)}`}`;
  } catch {
    return `${key} unreadable`;
  }
}
