import { relative } from "node:path";
import type { ConfigStore } from "@edgezero/rollout";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY, readRollout } from "@edgezero/rollout";
import { isRedisUrl, withoutCredentials } from "@edgezero/stores/redis/location";
import type { Settings } from "../settings/settings.ts";

/** What the gateway says of itself when it has started. */
export interface StartReport {
  readonly url: string;
  readonly config: string;
  readonly says: string;
  readonly legacy: string;
  readonly edgezero: string;
  readonly metrics: string;
}

/** Where the gateway listens, what its config says now, and what stands behind the two paths. */
export async function startReport(
  url: string,
  metrics: string,
  settings: Settings,
  configStore: ConfigStore,
): Promise<StartReport> {
  return {
    url,
    config: withoutCredentials(settings.EDGEZERO_CONFIG),
    says: await describeConfig(configStore),
    legacy: settings.LEGACY_ORIGIN?.origin ?? "built-in handler",
    edgezero: settings.EDGEZERO_ORIGIN?.origin ?? "built-in handler",
    metrics,
  };
}

/** The report as text for a person at a terminal, with one command to try next. */
export function startText({ url, config, says, legacy, edgezero, metrics }: StartReport): string {
  return `
  EdgeZero Rollout gateway on ${url}

    config    ${shownConfig(config)}
    says      ${says}
    legacy    ${legacy}
    edgezero  ${edgezero}
    metrics   ${metrics}

  Try next, in another terminal:

    curl -i ${url}

`;
}

function shownConfig(config: string): string {
  return isRedisUrl(config)
    ? `${config} (change it while this runs: it is obeyed within milliseconds)`
    : `${relative(process.cwd(), config)} (change it while this runs: the next request obeys)`;
}

async function describeConfig(store: ConfigStore): Promise<string> {
  const { reason, rolloutPct } = await readRollout(store);
  const meaning = {
    bucket: `${rolloutPct} of 100 buckets of clients go to EdgeZero, the others to legacy`,
    cutover: "every request goes to EdgeZero",
  };
  const where =
    reason === "bucket" || reason === "cutover" ? meaning[reason] : "every request goes to legacy";
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
