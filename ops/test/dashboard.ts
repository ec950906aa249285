import { readFileSync } from "node:fs";

/** Where a panel is, of 24 columns. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A source of data, by reference to the dashboard's variable. */
export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: DataSource;
}

/** A panel of the dashboard; a row has no targets. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPosition;
  readonly datasource?: DataSource;
  readonly targets?: readonly Target[];
}

/** The parts of Grafana's dashboard model that the tests look at. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { name: string; type: string; definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { datasource: DataSource; expr: string }[] };
}

/** The dashboard as it ships. */
export const DASHBOARD: Dashboard = JSON.parse(
  readFileSync(new URL("../grafana/edgezero.json", import.meta.url), "utf8"),
) as Dashboard;

/** Every query of the dashboard, as Grafana sends it for one job and all of its instances. */
export function queriesFor(job: string, rateInterval: string): string[] {
  const targets = DASHBOARD.panels.flatMap((panel) => panel.targets ?? []);
  return [...targets, ...DASHBOARD.annotations.list].map(({ expr }) =>
    expr
      .replaceAll("$__rate_interval", rateInterval)
      .replaceAll("$job", job)
      .replaceAll("$instance", ".*"),
  );
}
