import type { RolloutState } from "@edgezero/rollout";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import type { Metric } from "./exposition.ts";

/** The config is read for each page, as for a request. */
export function configMetrics(
  { rolloutPct, enabled, epoch }: RolloutState,
  configStore: OpenConfigStore,
): Metric[] {
  const confirmedAt = configStore.confirmedAt();
  const metrics: Metric[] = [
    {
      name: "edgezero_rollout_pct",
      type: "gauge",
      help: "The percentage that requests are routed by, 0 where none is valid",
      across: "worker",
      samples: [{ value: rolloutPct }],
    },
    {
      name: "edgezero_enabled",
      type: "gauge",
      help: "1 while the master switch is on",
      across: "worker",
      samples: [{ value: enabled ? 1 : 0 }],
    },
    {
      name: "edgezero_config_epoch",
      type: "gauge",
      help: "The epoch of the config, as a number: differs where gateways differ",
      across: "worker",
      samples: [{ value: Number.parseInt(epoch, 16) }],
    },
  ];
  // Before the store is first read there is no age, and so no such metric.
  if (confirmedAt !== null) {
    metrics.push({
      name: "edgezero_config_age_seconds",
      type: "gauge",
      help: "How long ago the config store last confirmed what is routed by",
      across: "worker",
      samples: [{ value: (performance.now() - confirmedAt) / 1000 }],
    });
  }
  // Only a config file can be one that its folder no longer has.
  if (configStore.isUnlinked) {
    metrics.push({
      name: "edgezero_config_file_unlinked",
      type: "gauge",
      help: "1 while the config file that is read is no longer in any folder: changes do not reach it",
      across: "worker",
      samples: [{ value: configStore.isUnlinked() ? 1 : 0 }],
    });
  }
  return metrics;
}
