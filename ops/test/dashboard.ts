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
  readonly fieldConfig?: {
    readonly defaults: {
      /** Shown where a query gives nothing. */
      readonly noValue?: string;
      readonly mappings: readonly ValueMapping[];
    };
  };
}

/** Texts in place of values, by value. */
export interface ValueMapping {
  readonly type: "value";
  readonly options: Readonly<Record<string, { readonly text: string; readonly color?: string }>>;
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
    queryFor(expr, job, rateInterval),
  );
}

function queryFor(expr: string, job: string, rateInterval: string): string {
  return expr
    .replaceAll("$__rate_interval", rateInterval)
    .replaceAll("$job", job)
    .replaceAll("$instance", ".*");
}

/** The one query of a stat panel, and what Grafana shows of its answer: text of the value, and name. */
export interface Stat {
  queryFor(job: string): string;
  shown(answer: readonly Answered[]): string[];
}

/** One element of the answer to a query. */
export interface Answered {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The stat panel of a title, which has one query. */
export function statOf(title: string): Stat {
  const panel = DASHBOARD.panels.find((each) => each.title === title && each.type === "stat");
  const [target, ...others] = panel?.targets ?? [];
  if (panel?.fieldConfig === undefined || target === undefined || others.length > 0) {
    throw new Error(`no panel ${title} of one query`);
  }
  const { mappings, noValue = "No data" } = panel.fieldConfig.defaults;
  return {
    queryFor: (job) => queryFor(target.expr, job, "1m"),
    shown(answer) {
      if (answer.length === 0) return [noValue];
      return answer.map(({ labels, value }) => {
        const text = mappings[0]?.options[String(value)]?.text ?? String(value);
        const name = target.legendFormat.replaceAll(
          /\{\{(\w+)\}\}/g,
          (_, label: string) => labels[label] ?? "",
        );
        return `${text}, ${name}`;
      });
    },
  };
}
