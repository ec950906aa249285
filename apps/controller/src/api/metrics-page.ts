import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Notifications } from "@edgezero/control-api/notifications";
import { observedNow } from "@edgezero/control-api/observed-now";
import { STATES } from "@edgezero/control-api/words";
import type { Counts } from "../loop/counts.ts";

/** One environment, as the page shows it. */
export interface Measured {
  readonly view: EnvironmentView;
  readonly counts: Counts;
  /** How long a window lasts, and so the time between two ticks; `null` where nothing runs. */
  readonly windowMs: number | null;
  /** How often the process has lost its lease since it started. */
  readonly leasesLost: number;
  /** Whether the config file that was read last is refused, so that an earlier one counts. */
  readonly isConfigRefused: boolean;
  readonly receivers: Notifications["receivers"];
  readonly dead: Notifications["dead"];
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly type: "counter" | "gauge";
  readonly help: string;
  /** A value that is not known has no sample: an invented one would be believed. */
  readonly samples: (measured: Measured) => readonly Sample[];
}

/** Whether this process runs it. Of any other it knows nothing. */
function isLed({ state }: EnvironmentView): boolean {
  return state !== "unavailable" && state !== "following";
}

const METRICS: Readonly<Record<string, Metric>> = {
  edgezero_controller_state: {
    type: "gauge",
    help: "1 for the state of the rollout, 0 for each other one",
    samples: ({ view }) =>
      Object.values(STATES).map((state) => one(view.state === state ? 1 : 0, { state })),
  },
  edgezero_controller_leading: {
    type: "gauge",
    help: "1 while this process leads the environment; 0 while another one does, or nobody can tell",
    samples: ({ view }) => [one(isLed(view) ? 1 : 0)],
  },
  edgezero_controller_leases_lost_total: {
    type: "counter",
    help: "How often another controller took the environment over from this process while it ran",
    samples: ({ leasesLost }) => [one(leasesLost)],
  },
  edgezero_controller_stage: {
    type: "gauge",
    help: "The present stage of the plan, from 1; 0 in no stage",
    samples: ({ view }) => (isLed(view) ? [one(view.stage ?? 0)] : []),
  },
  edgezero_controller_rollout_pct: {
    type: "gauge",
    help: "The percentage in the store, as it was last read",
    samples: ({ view }) => known(view.pct),
  },
  edgezero_controller_observed_share: {
    type: "gauge",
    help: "EdgeZero's part of the clients, or of the requests, 0 to 1, over the last minute; absent while nothing is observed",
    samples: ({ view }) => known(observedNow(view)),
  },
  edgezero_controller_signal_evidence: {
    type: "gauge",
    help: "How full the bars of evidence are that EdgeZero is worse, 0 to 1: at 1 the signal reads worse",
    samples: ({ view }) =>
      view.signals.map(({ name, evidence }) => one(evidence, { signal: name })),
  },
  edgezero_controller_source_missing: {
    type: "gauge",
    help: "1 while the last answer of a source of evidence had no windows, or lacked a gateway",
    samples: ({ view }) =>
      view.sources.map(({ name, missing }) => one(missing === null ? 0 : 1, { source: name })),
  },
  edgezero_controller_paging: {
    type: "gauge",
    help: "Incidents that someone is woken up for now",
    samples: ({ view }) => [one(view.pages.length)],
  },
  edgezero_controller_ticks_total: {
    type: "counter",
    help: "Ticks since the process started",
    samples: ({ counts }) => [one(counts.ticks)],
  },
  edgezero_controller_last_tick_timestamp_seconds: {
    type: "gauge",
    help: "When the last tick began, in seconds since 1970",
    samples: ({ counts }) => known(counts.lastTickAt === null ? null : counts.lastTickAt / 1000),
  },
  edgezero_controller_store_read_timestamp_seconds: {
    type: "gauge",
    help: "When the store was last read, in seconds since 1970; absent: not yet",
    samples: ({ counts }) => known(counts.storeReadAt === null ? null : counts.storeReadAt / 1000),
  },
  edgezero_controller_window_seconds: {
    type: "gauge",
    help: "The time between two ticks, in seconds",
    samples: ({ windowMs }) => known(windowMs === null ? null : windowMs / 1000),
  },
  edgezero_controller_config_refused: {
    type: "gauge",
    help: "1 while the config file that was read last is refused, and an earlier one counts",
    samples: ({ isConfigRefused }) => [one(isConfigRefused ? 1 : 0)],
  },
  edgezero_controller_faults_total: {
    type: "counter",
    help: "Faults of the controller's own in the loop of an environment, which its log has",
    samples: ({ counts }) => [one(counts.faults)],
  },
  edgezero_controller_source_failures_total: {
    type: "counter",
    help: "Ticks at which a source of evidence that was due gave no windows",
    samples: ({ counts }) => each(counts.sourceFailures, "source"),
  },
  edgezero_controller_pages_total: {
    type: "counter",
    help: "Pages, by their reason",
    samples: ({ counts }) => each(counts.pages, "reason"),
  },
  edgezero_controller_messages_total: {
    type: "counter",
    help: "Attempts to tell a receiver of an incident, by their result",
    samples: ({ receivers }) =>
      receivers.flatMap(({ name, delivered, failed }) => [
        one(delivered, { receiver: name, result: "delivered" }),
        one(failed, { receiver: name, result: "failed" }),
      ]),
  },
  edgezero_controller_messages_waiting: {
    type: "gauge",
    help: "Messages that a receiver did not take yet",
    samples: ({ receivers }) =>
      receivers.map(({ name, waiting }) => one(waiting, { receiver: name })),
  },
  edgezero_controller_messages_dead: {
    type: "gauge",
    help: "Messages that a receiver never got, of the last 50 of all receivers",
    samples: ({ receivers, dead }) =>
      receivers.map(({ name }) =>
        one(dead.filter(({ receiver }) => receiver === name).length, { receiver: name }),
      ),
  },
};

function one(value: number, labels: Sample["labels"] = {}): Sample {
  return { labels, value };
}

function known(value: number | null): readonly Sample[] {
  return value === null ? [] : [one(value)];
}

function each(values: Readonly<Record<string, number>>, label: string): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => one(value, { [label]: name }));
}

/**
 * The controller's own metrics in Prometheus's text format, version 0.0.4. Pure.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function metricsPage(environments: readonly Measured[]): string {
  return Object.entries(METRICS)
    .map(([name, { type, help, samples }]) => {
      const lines = environments.flatMap((measured) =>
        samples(measured).map(({ labels, value }) => {
          const all = { environment: measured.view.name, ...labels };
          return `${name}{${labelsText(all)}} ${value}\n`;
        }),
      );
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

function labelsText(labels: Sample["labels"]): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
