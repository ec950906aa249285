import {
  ANALYTICS_ENGINE_DELAY_MS,
  openAnalyticsEngine,
} from "./analytics-engine/analytics-engine-source.ts";
import { datasetOf, parseDatasetName } from "./analytics-engine/dataset.ts";
import { EVENTS_DELAY_MS, openEvents } from "./events/events-source.ts";
import { openSite } from "./http/site.ts";
import { openPrometheus } from "./prometheus/prometheus-source.ts";
import { openScrape } from "./scrape/scrape-source.ts";
import { fixedTargets, resolvedTargets } from "./scrape/targets.ts";
import type { EvidenceSource, SourceName, SourceOptions } from "./source.ts";
import type { SourceConfig } from "./source-config.ts";
import { parsePlace } from "./source-config.ts";

/**
 * Opens a source by its text or config. Asks nothing yet.
 *
 * @throws SourceConfigError where it names no source, or a secret that cannot be read.
 */
export function openSource(given: string | SourceConfig, options: SourceOptions): EvidenceSource {
  const config = typeof given === "string" ? { url: given } : given;
  const place = parsePlace(config.url);
  const site = openSite(config, options.env);
  // A query may have a secret in it.
  const location = config.url.replaceAll(/\?.*?(?=,https?:|$)/g, "");
  const [first] = place.urls;
  if (place.name === "scrape" && first !== undefined) {
    const targets = place.isDns ? resolvedTargets(first) : fixedTargets(place.urls);
    return openScrape(site, targets, location, options);
  }
  if (place.name === "prometheus" && first !== undefined) {
    return openPrometheus(site, first, config.match ?? {}, options);
  }
  if (place.name === "analytics-engine") {
    const dataset = datasetOf(parseDatasetName(place.rest), config);
    return openAnalyticsEngine(site, dataset, delayOf(config), options);
  }
  return openEvents(options, delayOf(config));
}

const DELAYS_MS: Readonly<Record<SourceName, number>> = {
  scrape: 0,
  prometheus: 0,
  events: EVENTS_DELAY_MS,
  "analytics-engine": ANALYTICS_ENGINE_DELAY_MS,
};

/** How late a source's newest data is by its nature, in milliseconds: as its config says, or by default. */
export function delayOf(given: string | SourceConfig): number {
  const { url, delayMs } = typeof given === "string" ? { url: given, delayMs: undefined } : given;
  return delayMs ?? DELAYS_MS[parsePlace(url).name];
}
