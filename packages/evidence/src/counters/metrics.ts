/** The gateway's metrics that evidence is made of. `docs/reference/metrics.md` describes them. */
export const METRICS = {
  requests: "edgezero_requests_total",
  durations: "edgezero_request_duration_seconds_bucket",
  clients: "edgezero_clients",
  epoch: "edgezero_config_epoch",
  pct: "edgezero_rollout_pct",
  startedAt: "process_start_time_seconds",
  workers: "edgezero_gateway_workers",
} as const;

/**
 * How long a client waits before its leaving says something: where it leaves later, and has no first
 * byte, the request counts as a timeout.
 */
export const PATIENCE_MS = 5000;
