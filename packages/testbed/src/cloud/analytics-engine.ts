// Analytics Engine's SQL, as far as it is published, on another database. Each rule names its source.
import { DatabaseSync } from "node:sqlite";

/** A data point as a Worker writes it, and how many Analytics Engine says that it stands for. */
export interface StoredPoint {
  /** Seconds since 1970: `timestamp` is a DateTime. */
  readonly timestamp: number;
  readonly sampleInterval: number;
  readonly indexes: readonly string[];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

/** Datasets of one account. */
export interface AnalyticsEngine {
  /** The first point makes the dataset. */
  write(dataset: string, points: readonly StoredPoint[]): void;
  /**
   * Answers a query as the API does.
   *
   * @throws Error where it is none that the documentation allows, or where there is no such dataset.
   */
  query(sql: string): string;
  close(): void;
}

// https://developers.cloudflare.com/analytics/analytics-engine/sql-reference/: those of them that are used.
const FUNCTIONS = new Set([
  "intdiv",
  "tounixtimestamp",
  "todatetime",
  "if",
  "ceil",
  "sum",
  "min",
  "max",
]);
const KEYWORDS = new Set(["in", "and"]);
// https://developers.cloudflare.com/analytics/analytics-engine/sql-reference/statements/
const STATEMENT = /^SELECT [^;]+\nFROM (\w+)\nWHERE [^;]+\nGROUP BY [^;]+\nLIMIT \d+\nFORMAT JSON$/;

export function openAnalyticsEngine(): AnalyticsEngine {
  const database = new DatabaseSync(":memory:");
  const datasets = new Set<string>();
  database.function("intDiv", (a, b) => Math.floor(Number(a) / Number(b)));
  database.function("toUnixTimestamp", (time) => time);
  database.function("toDateTime", (time) => time);

  function write(dataset: string, points: readonly StoredPoint[]): void {
    if (!datasets.has(dataset)) {
      const columns = `timestamp, _sample_interval, index1, ${numbered("blob")}, ${numbered("double")}`;
      database.exec(`CREATE TABLE ${dataset} (${columns})`);
      datasets.add(dataset);
    }
    const insert = database.prepare(
      `INSERT INTO ${dataset} VALUES (${Array.from({ length: 43 }, () => "?").join(", ")})`,
    );
    for (const { timestamp, sampleInterval, indexes, blobs, doubles } of points) {
      const values = [...filled(blobs, ""), ...filled(doubles, 0)];
      insert.run(timestamp, sampleInterval, indexes[0] ?? "", ...values);
    }
  }

  function query(sql: string): string {
    const [, dataset = ""] = STATEMENT.exec(sql) ?? [];
    const called = [...sql.matchAll(/([A-Za-z]\w*)\s*\(/g)].map(([, name = ""]) =>
      name.toLowerCase(),
    );
    const unknown = called.filter((name) => !FUNCTIONS.has(name) && !KEYWORDS.has(name));
    if (unknown.length > 0) throw new Error(`no such function is used so far: ${unknown.join()}`);
    if (dataset === "") throw new Error("the query is not of the form that is used so far");
    if (!datasets.has(dataset)) throw new Error(`there is no dataset ${dataset}`);
    const rows = database.prepare(sql.replace("\nFORMAT JSON", "")).all();
    // Whole numbers of 64 bits are texts, as ClickHouse writes them.
    for (const row of rows) row["number"] = String(row["number"]);
    const meta = Object.keys(rows[0] ?? {}).map((name) => ({ name, type: "" }));
    return JSON.stringify({ meta, data: rows, rows: rows.length });
  }

  return { write, query, close: () => database.close() };
}

function numbered(kind: string): string {
  return Array.from({ length: 20 }, (_, i) => `${kind}${i + 1}`).join(", ");
}

function filled<T>(values: readonly T[], filler: T): T[] {
  return [...values, ...Array.from({ length: 20 - values.length }, () => filler)];
}
